import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drain } from '../../../src/crons/drain.ts';
import { IssueJob } from '../../../src/models/queues.ts';
import { Listener } from '../../../src/triggers/listen.ts';
import { anEngine, type Engine } from './an-engine.ts';

const TOGGLES = 1_000;
const BACKLOG = 8_000;
const COMING = 2_000;

let engine: Engine;
beforeEach(async () => {
  engine = await anEngine();
});
afterEach(async () => {
  await engine[Symbol.asyncDispose]();
});

/**
 * A witness inside PostgreSQL: a run that begins, or a row that is claimed, while the switch is off. It sees the switch as
 * it is at that very moment, whatever a client believes.
 */
const WITNESS = [
  'create table seen_while_off (what text)',
  `create function witness() returns trigger language plpgsql as $$
   begin
     if not (select active from cron where name = 'issues') then
       insert into seen_while_off values (tg_table_name);
     end if;
     return null;
   end $$`,
  `create trigger witness after update of epoch on cron for each row when (new.name = 'issues') execute function witness()`,
  'create trigger witness after update of attempts on issue_job for each row execute function witness()',
];

const fill = (from: number, to: number) =>
  engine.db.query(
    'insert into issue_job (repository_id, number, queued_at) select 1, n, $3 from generate_series($1::int, $2::int) n',
    [from, to, engine.now()],
  );

describe('a switch', () => {
  it('turned 1,000 times under a backlog of 10,000 rows: nothing runs while it is off, no row is lost, the order is kept (G-27, I-39, F-110)', async () => {
    for (const sql of WITNESS) await engine.db.query(sql);
    const acted: number[] = [];
    const runner = engine.runner({
      issues: (run) =>
        drain(
          run,
          { table: 'issue_job', entity: IssueJob, maxAttempts: 3, delayMs: () => 60_000 },
          (row, finish) => {
            acted.push(row.number);
            return finish();
          },
        ),
    });
    const rung = (payload: string) => payload === 'issues' && runner.kick('issues');
    const listener = new Listener(engine.url, { rung, connected: () => undefined }, engine.log);
    await listener.start();
    await engine.switch('issues', false);
    await fill(1, BACKLOG);
    const [asFound] = await engine.db.query<{ epoch: string }[]>(
      `select epoch from cron where name = 'issues'`,
    );
    const each = COMING / TOGGLES;
    for (const [n, on] of fc.sample(fc.boolean(), { seed: 7, numRuns: TOGGLES }).entries()) {
      await engine.switch('issues', on);
      await fill(BACKLOG + n * each + 1, BACKLOG + (n + 1) * each);
    }
    const underWay = acted.length;
    await engine.switch('issues', true);
    while (runner.busy || (await runner.runDue()) > 0) await runner.runDue();
    await listener.close();

    expect(asFound).toEqual({ epoch: '0' });
    expect(underWay).toBeGreaterThan(100);
    expect(acted).toEqual(Array.from({ length: BACKLOG + COMING }, (_, n) => n + 1));
    expect(await engine.db.query('select * from seen_while_off')).toEqual([]);
    expect(await engine.db.query('select id from issue_job')).toEqual([]);
    expect(engine.alarms).toEqual([]);
  });
});
