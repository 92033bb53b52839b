import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  COMMANDS,
  commandName,
  parseComment,
  printCommand,
  printComment,
} from '../../../src/rules/commands.ts';
import type { Command } from '../../../src/rules/commands.ts';
import { PRIORITIES } from '../../../src/rules/queue.ts';
import { MERGE_METHODS } from '../../../src/rules/merge-method.ts';

const value = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() !== '' && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text));
const login = fc.stringMatching(/^[A-Za-z0-9]{1,8}(-[a-z0-9]{1,4})?$/);
const just = <K extends Command['kind']>(...kinds: K[]) =>
  fc.constantFrom(...kinds).map((kind) => ({ kind }) as Command);

const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  fc
    .uniqueArray(fc.integer({ min: 1, max: 99_999 }), { maxLength: 3 })
    .map((numbers) => ({ kind: 'approve' as const, numbers, head: null })),
  fc
    .stringMatching(/^[0-9a-f]{12,40}$/)
    .map((head) => ({ kind: 'approve' as const, numbers: [], head })),
  just(
    'reject',
    'retry',
    'check',
    'info',
    'help',
    'cancel-staging',
    'skipchecks',
    'ignore',
    'close',
  ),
  fc.constantFrom(...MERGE_METHODS).map((method) => ({ kind: 'merge-method' as const, method })),
  fc.uniqueArray(login, { maxLength: 5 }).map((logins) => ({ kind: 'delegate' as const, logins })),
  fc
    .uniqueArray(value, { minLength: 1, maxLength: 4 })
    .map((contexts) => ({ kind: 'override' as const, contexts })),
  fc.constantFrom(...PRIORITIES).map((priority) => ({ kind: 'priority' as const, priority })),
  fc
    .constantFrom('splits' as const, 'staging' as const, 'auto' as const)
    .map((scope) => ({ kind: 'reset' as const, scope })),
  fc
    .constantFrom('default' as const, 'no' as const, 'skipci' as const, 'skipmerge' as const)
    .map((policy) => ({ kind: 'fw' as const, policy })),
  value.map((branch) => ({ kind: 'limit' as const, branch })),
  fc
    .tuple(value, value)
    .map(([branch, message]) => ({ kind: 'remindme' as const, branch, message })),
);

describe('the grammar', () => {
  it('reads back what it prints, one command', () => {
    fc.assert(
      fc.property(anyCommand, (command) => {
        expect(parseComment(printComment([command], 'bot'), 'bot')).toEqual({
          kind: 'commands',
          commands: [command],
        });
      }),
    );
  });

  it('reads back any mixture whole, or refuses it whole for a clash', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { minLength: 1, maxLength: 10 }), (commands) => {
        const parsed = parseComment(printComment(commands, 'bot'), 'bot');
        if (parsed.kind === 'commands') expect(parsed.commands).toEqual(commands);
        else
          expect(parsed).toMatchObject({
            kind: 'refused',
            refusal: { kind: expect.stringMatching(/^(repeated|contradiction)$/) },
          });
      }),
    );
  });

  it('applies nothing of a mixture with one word it does not know', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 4 }), fc.nat(4), (commands, place) => {
        const words = commands.map(printCommand);
        words.splice(place, 0, 'frobnicate');
        expect(parseComment(`@bot ${words.join(' ')}`, 'bot').kind).toBe('refused');
      }),
    );
  });

  it('does not throw on any text', () => {
    const pieces = fc.constantFrom(
      '@bot ',
      'r+',
      '`',
      '```',
      '\n',
      '<!--',
      '-->',
      '"',
      "'",
      '=',
      '<details>',
      '[',
      '](',
      ')',
      '> ',
      '    ',
      '\\',
      'é',
      '-',
      ',',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string())), (parts) => {
        expect(['none', 'commands', 'refused']).toContain(parseComment(parts.join(''), 'bot').kind);
      }),
    );
  });

  it('has every command in the table of rights', () => {
    const names = COMMANDS.map((row) => row.name);
    expect(new Set(names).size).toBe(names.length);
    fc.assert(fc.property(anyCommand, (command) => expect(names).toContain(commandName(command))));
  });

  it('reads the example of every row of the table', () => {
    for (const row of COMMANDS) {
      expect([row.name, parseComment(`@bot ${row.example}`, 'bot').kind]).toEqual([
        row.name,
        'commands',
      ]);
    }
  });

  it.each([
    ['one long word', `@bot ${'a'.repeat(65_531)}`],
    ['commands without end', `@bot ${'r+ '.repeat(21_843)}`],
    ['a mention on each line', '@bot r+\n'.repeat(8_192)],
    ['ticks', `${'`'.repeat(65_500)}\n@bot r+`],
    [
      'ticks of every length',
      `${Array.from({ length: 350 }, (_, n) => '`'.repeat(n)).join(' ')}\n@bot r+`,
    ],
    ['open comments', `${'<!--'.repeat(16_300)}\n@bot r+`],
    ['open details', `${'<details>'.repeat(7_200)}\n@bot r+`],
    ['brackets', `${'['.repeat(65_500)}\n@bot r+`],
    ['half links', `${'[a]('.repeat(16_300)}\n@bot r+`],
    ['list marks', `${'- '.repeat(32_700)}\n@bot r+`],
    ['spaces', `-${' '.repeat(65_500)}x\n@bot r+`],
    ['quotation marks', `@bot ${'"'.repeat(65_500)}`],
    ['backslashes', `@bot "${'\\'.repeat(65_500)}`],
    ['rules', `${'- - - '.repeat(10_900)}\n@bot r+`],
    ['a mail header without end', `On ${'1 '.repeat(32_700)}\n@bot r+`],
  ])('reads 65,536 characters of %s in time that grows with the length', (_, text) => {
    parseComment(text, 'bot');
    const started = performance.now();
    parseComment(text.slice(0, 65_536), 'bot');
    // The square of the length would take seconds; the rest is room for a busy machine.
    expect(performance.now() - started).toBeLessThan(250);
  });
});
