import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CRONS } from '../../../src/crons/table.ts';
import type { Run } from '../../../src/world.ts';
import { tablesWritten, writesOutside } from '../../conftest/writes.ts';
import { anEngine, type Engine } from './an-engine.ts';

const DECLARED = { ...CRONS, deliveries: { writes: ['issue_job'] } };

let engine: Engine;
beforeEach(async () => {
  engine = await anEngine();
});
afterEach(async () => {
  await engine[Symbol.asyncDispose]();
});

/** Runs `deliveries` once. */
async function runOnce(body: (run: Run) => Promise<void>): Promise<void> {
  await engine.deliver();
  await engine.runner({ deliveries: body }).runDue();
}

const insertJob = `insert into issue_job (repository_id, number, queued_at) values (1, 7, now())`;
const forgetRed = 'delete from red_set';

describe('the tables that a cron is said to write', () => {
  it('are tables that there are, in order', () => {
    const tables = engine.db.entityMetadatas.flatMap(({ tableName, ownRelations }) => [
      tableName,
      ...ownRelations.map((one) => one.joinTableName),
    ]);
    for (const { writes } of Object.values(CRONS)) {
      expect(writes.filter((one) => !tables.includes(one))).toEqual([]);
      expect(writes).toEqual([...writes].sort());
    }
  });

  it('are all that it writes: another one is found at the end of the story', async () => {
    await runOnce((run) => run.transaction((tx) => tx.query(insertJob)));
    expect(writesOutside(DECLARED)).toEqual([]);

    await runOnce((run) => run.transaction((tx) => tx.query(forgetRed)));
    expect(writesOutside(DECLARED)).toEqual(['deliveries: red_set']);
    expect(writesOutside(DECLARED)).toEqual([]);
  });

  it('are not those that others write meanwhile, or that nobody fenced', async () => {
    await runOnce(({ world }) => world.db.query<undefined>(forgetRed));
    await engine.db.transaction((tx) => tx.query(forgetRed));

    expect(writesOutside(DECLARED)).toEqual([]);
  });

  it.each([
    ['select 1 from staging for update skip locked', []],
    ['UPDATE "batch" SET "blocked" = $1', ['batch']],
    ['update only public.staging s set a = 1', ['staging']],
    ['insert into person as p (a) values (1) on conflict do update set a = 2', ['person']],
    [
      'with gone as (delete from split where a), x as (update port t set b = 1) select 1',
      ['split', 'port'],
    ],
  ])('are read from the statement: %s', (statement, tables) => {
    expect(tablesWritten(statement)).toEqual(tables);
  });
});
