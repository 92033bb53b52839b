import { describe, expect, it } from '@jest/globals';
import { DEFAULT_ACCESS } from '../../../src/rules/access-table.ts';
import {
  allowedCommands,
  forbiddenContexts,
  mayRun,
  rolesOf,
} from '../../../src/rules/permissions.ts';
import type { AccessFacts, PersonFacts, RelationFacts } from '../../../src/rules/permissions.ts';
import { parseComment } from '../../../src/rules/commands.ts';
import type { Command } from '../../../src/rules/commands.ts';

const NONE: RelationFacts = { authored: false, review: false, selfReview: false, delegate: false };
const SOMEBODY: PersonFacts = { known: true, account: false, administrator: false, overrides: [] };

function facts(change: {
  person?: Partial<PersonFacts>;
  pull?: Partial<RelationFacts>;
  source?: Partial<RelationFacts>;
}): AccessFacts {
  return {
    person: { ...SOMEBODY, ...change.person },
    pull: { ...NONE, ...change.pull },
    source: change.source === undefined ? null : { ...NONE, ...change.source },
  };
}

function command(text: string): Command {
  const parsed = parseComment(`@bot ${text}`, 'bot');
  if (parsed.kind !== 'commands' || parsed.commands[0] === undefined)
    throw new Error(`no command: ${text}`);
  return parsed.commands[0];
}

const PEOPLE = {
  stranger: facts({}),
  author: facts({ pull: { authored: true } }),
  delegate: facts({ pull: { delegate: true } }),
  reviewer: facts({ pull: { review: true } }),
  'self-reviewer on his own': facts({ pull: { authored: true, selfReview: true } }),
  'self-reviewer on others’': facts({ pull: { selfReview: true } }),
  'reviewer on his own': facts({ pull: { authored: true, review: true } }),
  'listed author': facts({ pull: { authored: true }, person: { account: true } }),
  administrator: facts({ pull: { review: true }, person: { account: true, administrator: true } }),
  'administrator without review right': facts({ person: { account: true, administrator: true } }),
  'author of the source': facts({ source: { authored: true } }),
  unknown: facts({
    person: { known: false },
    pull: { authored: true, review: true },
    source: { authored: true },
  }),
};

describe('the default rights', () => {
  it.each<[string, (keyof typeof PEOPLE)[]]>([
    ['help', Object.keys(PEOPLE) as (keyof typeof PEOPLE)[]],
    ['info', Object.keys(PEOPLE) as (keyof typeof PEOPLE)[]],
    ['remindme:a=b', Object.keys(PEOPLE) as (keyof typeof PEOPLE)[]],
    [
      'r+',
      ['delegate', 'reviewer', 'self-reviewer on his own', 'administrator', 'author of the source'],
    ],
    [
      'r-',
      [
        'author',
        'delegate',
        'reviewer',
        'self-reviewer on his own',
        'reviewer on his own',
        'listed author',
        'administrator',
        'author of the source',
      ],
    ],
    [
      'squash',
      ['delegate', 'reviewer', 'self-reviewer on his own', 'listed author', 'administrator'],
    ],
    ['delegate+', ['delegate', 'reviewer', 'self-reviewer on his own', 'administrator']],
    ['fw=skipci', ['delegate', 'reviewer', 'self-reviewer on his own', 'administrator']],
    ['priority', ['reviewer', 'self-reviewer on his own', 'administrator']],
    ['cancel=staging', ['reviewer', 'self-reviewer on his own', 'administrator']],
    ['skipchecks', ['administrator']],
    ['reset=auto', ['administrator']],
    ['close', ['author of the source']],
    ['override=ci', []],
  ])('let exactly the right people %s', (text, expected) => {
    const allowed = Object.entries(PEOPLE).filter(([, one]) => mayRun(command(text), one));
    expect(allowed.map(([name]) => name)).toEqual(expected);
  });

  it('ask for the right on every context that is overridden', () => {
    const lint = facts({ person: { overrides: ['ci/lint'] } });
    expect(mayRun(command('override=ci/lint'), lint)).toBe(true);
    expect(mayRun(command('override=ci/lint,ci/security'), lint)).toBe(false);
    expect(forbiddenContexts(['ci/lint', 'ci/security'], lint.person)).toEqual(['ci/security']);
  });

  it('can be changed by a project', () => {
    const table = { ...DEFAULT_ACCESS, approve: ['everybody' as const] };
    expect(mayRun(command('r+'), PEOPLE.stranger, table)).toBe(true);
  });

  it('show a person in help what he may use', () => {
    expect(allowedCommands(PEOPLE.stranger).map((row) => row.name)).toEqual([
      'info',
      'help',
      'remindme',
    ]);
    expect(allowedCommands(PEOPLE.administrator).map((row) => row.name)).toContain('now-alone');
  });

  it('give an unknown commenter no role even where everything about him matches', () => {
    expect([...rolesOf(PEOPLE.unknown)]).toEqual(['everybody']);
  });
});
