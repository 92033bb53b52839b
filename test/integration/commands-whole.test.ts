import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EntityManager } from 'typeorm';
import type { SpokenText } from '../../src/commands/context.ts';
import { executeText, type Spoken } from '../../src/commands/execute.ts';
import { Person } from '../../src/models/person.ts';
import { Project } from '../../src/models/project.ts';
import { PullRequest } from '../../src/models/pull-request.ts';
import { Repository } from '../../src/models/repository.ts';
import { type Command, printCommand } from '../../src/rules/commands.ts';
import { aStory, type Story } from '../conftest/story.ts';
import { anyCommand } from '../unit/rules/any-command.ts';

const RUNS = 150;
const SEED = 4_202_611;
/** What an answer writes: the record, the words, the wake of who takes them to GitHub. */
const OF_ANSWERS = ['command_log', 'feedback', 'cron_trigger'];

/** Each table by a fingerprint of its rows. */
async function fingerprints(tx: EntityManager): Promise<Map<string, string>> {
  const tables = await tx.query<{ name: string }[]>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  const one = ({ name }: { name: string }) =>
    `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as print from "${name}" t`;
  const rows = await tx.query<{ name: string; print: string }[]>(
    tables.map(one).join(' union all '),
  );
  return new Map(rows.map((row) => [row.name, row.print]));
}

interface Said {
  readonly words: string;
  readonly by: string;
  readonly number: number;
}

/** Carries out a comment in a transaction that is taken back. @returns what it wrote. */
async function trial(
  story: Story,
  { words, by, number }: Said,
): Promise<{ spoken: Spoken; changed: string[]; answers: number }> {
  const runner = story.bot.world.db.createQueryRunner();
  await runner.startTransaction();
  const tx = runner.manager;
  try {
    const now = story.clock.now();
    const text: SpokenText = {
      ...{ kind: 'comment', id: '999999', body: words, at: now, head: null, verdict: 'none' },
      author: { id: '0', login: by },
    };
    const before = await fingerprints(tx);
    const spoken = await executeText({
      ...{ tx, now, text },
      project: await tx.findOneByOrFail(Project, { id: 1 }),
      repository: await tx.findOneByOrFail(Repository, { id: 1 }),
      pull: await tx.findOneByOrFail(PullRequest, { number }),
      actor: await tx.findOneByOrFail(Person, { login: by }),
    });
    const after = await fingerprints(tx);
    const [row] = await tx.query<{ count: number }[]>(
      `select count(*)::int as count from feedback where key like 'comment/999999/%'`,
    );
    const changed = [...after.keys()].filter((name) => after.get(name) !== before.get(name));
    return { spoken, changed, answers: row?.count ?? 0 };
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

/** Words of commands; one that does not exist among them now and then. */
const someWords = fc
  .tuple(
    fc.array(anyCommand, { minLength: 1, maxLength: 4 }),
    fc.option(fc.constant('frobnicate'), { freq: 5 }),
  )
  .map(([commands, unknown]) => [...commands.map(known), ...(unknown === null ? [] : [unknown])])
  .map((words) => `@stagecoach ${words.join(' ')}`);

/** Branches that exist are rare among random ones. */
function known(command: Command): string {
  return 'branch' in command
    ? printCommand({ ...command, branch: 'master' })
    : printCommand(command);
}

describe('any mixture of commands', () => {
  it('is carried out whole, or nothing of it (spec 3.3)', async () => {
    await using story = await aStory();
    const app = story.repository();
    const [open, staged] = [await app.pullRequest(), await app.pullRequest()];
    await staged.passes();
    await staged.comment('r+');
    await open.comment('help', 'eve');
    await open.comment('help', 'alice');
    await story.settle();
    story.ignoreComments();
    const outcomes = new Map<Spoken, number>();
    const said = fc.record({
      words: someWords,
      by: fc.constantFrom('rita', 'rita', 'alice', 'eve'),
      number: fc.constantFrom(open.number, staged.number),
    });
    const law = fc.asyncProperty(said, async (one) => {
      const { spoken, changed, answers } = await trial(story, one);
      outcomes.set(spoken, (outcomes.get(spoken) ?? 0) + 1);
      expect(answers).toBeLessThanOrEqual(1);
      if (spoken === 'done') return;
      expect(changed.filter((name) => !OF_ANSWERS.includes(name))).toEqual([]);
      expect(changed).toContain('command_log');
    });
    await fc.assert(law, { numRuns: RUNS, seed: SEED });
    for (const outcome of ['done', 'denied', 'refused', 'rejected', 'helped'] as const)
      expect([outcome, outcomes.get(outcome) ?? 0]).not.toEqual([outcome, 0]);
  });
});
