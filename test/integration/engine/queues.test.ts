import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { drain, type Queue } from '../../../src/crons/drain.ts';
import { GiveUp, TryLater } from '../../../src/lib/try-later.ts';
import { IssueJob, LabelChange } from '../../../src/models/queues.ts';
import { LINES } from '../../../src/triggers/table.ts';
import type { Finish } from '../../../src/world.ts';
import { anEngine, anEvent, type Engine } from './an-engine.ts';

const MINUTE_MS = 60_000;
const QUEUE: Queue<IssueJob> = {
  table: 'issue_job',
  entity: IssueJob,
  maxAttempts: 3,
  delayMs: (attempt) => attempt * MINUTE_MS,
};

let engine: Engine;
let acted: number[];
beforeEach(async () => {
  engine = await anEngine();
  acted = [];
});
afterEach(async () => {
  await engine[Symbol.asyncDispose]();
});

type Act = (row: IssueJob, finish: Finish) => Promise<void>;

/** The cron `issues` over the queue, with an act that notes the number first. */
const runnerOf = (act: Act, shape: Partial<Queue<IssueJob>> = {}) =>
  engine.runner({
    issues: (run) =>
      drain(run, { ...QUEUE, ...shape }, async (row, finish) => {
        acted.push(row.number);
        await act(row, finish);
      }),
  });

const finishAll: Act = (_row, finish) => finish();
const failOn =
  (number: number, error = new Error('refused')): Act =>
  async (row, finish) => {
    if (row.number === number) throw error;
    await finish();
  };

const rows = () =>
  engine.db.query<{ number: number; attempts: number; dead: boolean; last_error: string }[]>(
    'select number, attempts, dead_at is not null as dead, last_error from issue_job order by id',
  );

describe('a queue', () => {
  it('seed 09: is worked off oldest first, and what is done is gone', async () => {
    for (const number of [3, 1, 2]) await engine.queue(number);
    await runnerOf(finishAll).runDue();

    expect(acted).toEqual([3, 1, 2]);
    expect(await rows()).toEqual([]);
  });

  it('is not held up by a poison row, which is tried again later and later and then given up (F-107)', async () => {
    for (const number of [1, 2, 3]) await engine.queue(number);
    const runner = runnerOf(failOn(1));
    await runner.runDue();
    expect(acted).toEqual([1, 2, 3]);

    engine.advance(MINUTE_MS - 1);
    expect(await runner.runDue()).toBe(0);
    engine.advance(1);
    await runner.runDue();
    engine.advance(2 * MINUTE_MS);
    await runner.runDue();
    engine.advance(1000 * MINUTE_MS);

    expect(await runner.runDue()).toBe(0);
    expect(acted).toEqual([1, 2, 3, 1, 1]);
    expect(await rows()).toEqual([{ number: 1, attempts: 3, dead: true, last_error: 'refused' }]);
    expect(engine.alarms).toEqual([
      'row will be tried again',
      'row will be tried again',
      'given up: a person must look at this row',
    ]);
  });

  it('gives up at once what no repetition can help', async () => {
    await engine.queue(1);
    await runnerOf(failOn(1, new GiveUp('gone for good'))).runDue();

    expect(await rows()).toEqual([expect.objectContaining({ attempts: 1, dead: true })]);
  });

  it('takes up a dead row that a person has put back', async () => {
    await engine.queue(1);
    await runnerOf(failOn(1, new GiveUp('no'))).runDue();
    await engine.db.query('update issue_job set dead_at = null, attempts = 0, retry_at = $1', [
      engine.now(),
    ]);
    await runnerOf(finishAll).runDue();

    expect(await rows()).toEqual([]);
  });
});

describe('a try', () => {
  it('is counted before the act, so that a crash is counted too', async () => {
    await engine.queue(1);
    const before: unknown[] = [];
    await runnerOf(async (row, finish) => {
      before.push(row.attempts, ...(await rows()).map(({ attempts }) => attempts));
      await finish();
    }).runDue();

    expect(before).toEqual([1, 1]);
  });

  it('of a process that hangs is made again by its successor, and ends once (F-108)', async () => {
    await engine.queue(1);
    const [begun, wakesUp] = [anEvent(), anEvent()];
    const hanging = runnerOf(async (_row, finish) => {
      begun.happens();
      await wakesUp.happened;
      await finish((tx) => tx.query(`update project set bot = 'too late'`));
    });
    const running = hanging.runDue();
    await begun.happened;
    await engine.db.query(
      `update cron set lease_until = clock_timestamp() - interval '1 second' where name = 'issues'`,
    );
    const tries: number[] = [];
    await runnerOf(async (row, finish) => {
      tries.push(row.attempts);
      await finish();
    }).runDue();
    wakesUp.happens();
    await running;

    expect(tries).toEqual([2]);
    expect(await rows()).toEqual([]);
    expect(await engine.db.query('select bot from project')).toEqual([{ bot: 'stagecoach' }]);
  });

  it('keeps its final writes and the end of the row together', async () => {
    await engine.queue(1);
    await runnerOf((_row, finish) =>
      finish(async (tx) => {
        await tx.query(`update project set bot = 'half'`);
        throw new Error('in the middle');
      }),
    ).runDue();

    expect(await engine.db.query('select bot from project')).toEqual([{ bot: 'stagecoach' }]);
    expect(await rows()).toEqual([expect.objectContaining({ attempts: 1, dead: false })]);
  });

  it('may choose its own time, and give the try back', async () => {
    await engine.queue(1);
    const later = new TryLater('rate limit', { afterMs: 10 * MINUTE_MS, counts: false });
    const runner = runnerOf(failOn(1, later));
    for (let turn = 0; turn < 5; turn += 1) {
      await runner.runDue();
      engine.advance(10 * MINUTE_MS);
    }

    expect(acted).toHaveLength(5);
    expect(await rows()).toEqual([
      { number: 1, attempts: 0, dead: false, last_error: 'rate limit' },
    ]);
    expect(engine.alarms).toEqual([]);
  });

  it('keeps its writes when they answer that the row waits', async () => {
    await engine.queue(1);
    await runnerOf((_row, finish) =>
      finish(async (tx) => {
        await tx.query(`update project set bot = 'kept'`);
        return new TryLater('one more step', { afterMs: MINUTE_MS, counts: false });
      }),
    ).runDue();

    expect(await engine.db.query('select bot from project')).toEqual([{ bot: 'kept' }]);
    expect(await rows()).toHaveLength(1);
  });
});

describe('a line', () => {
  it('keeps its order: the later ones wait for the one that is tried again', async () => {
    for (const number of [1, 2, 1, 2]) await engine.queue(number);
    let failures = 1;
    const runner = runnerOf(
      async (row, finish) => {
        if (row.number === 1 && failures-- > 0) throw new Error('not yet');
        await finish();
      },
      { lineOf: ['repository_id', 'number'] },
    );
    await runner.runDue();
    expect(acted).toEqual([1, 2, 2]);

    engine.advance(MINUTE_MS);
    await runner.runDue();
    expect(acted).toEqual([1, 2, 2, 1, 1]);
  });

  it('goes on behind a row that was given up', async () => {
    for (const number of [1, 1]) await engine.queue(number);
    let first = true;
    const act: Act = async (_row, finish) => {
      if (first) {
        first = false;
        throw new GiveUp('never');
      }
      await finish();
    };
    await runnerOf(act, { lineOf: ['number'] }).runDue();

    expect(acted).toEqual([1, 1]);
    expect(await rows()).toEqual([expect.objectContaining({ dead: true })]);
  });
});

/** Nobody but the table of triggers knows of lines: what it does is seen on a queue of the product. */
describe('a line of labels', () => {
  const LABELS: Queue<LabelChange> = { ...QUEUE, table: 'label_change', entity: LabelChange };

  it('is not forgotten when a process dies behind a row that had been in pause', async () => {
    for (const number of [1, 1])
      await engine.db.query(
        'insert into label_change (repository_id, number, queued_at) values (1, $1, $2)',
        [number, engine.now()],
      );
    const wakes: unknown[] = [];
    const runner = engine.runner({
      labels: (run) =>
        drain(run, { ...LABELS, lineOf: LINES.label_change }, async (row, finish) => {
          acted.push(row.id);
          if (acted.length === 1) throw new Error('not yet');
          wakes.push(await engine.wakes('labels'));
          await finish();
        }),
    });
    await runner.runDue();
    engine.advance(MINUTE_MS);
    await runner.runDue();

    expect(acted).toEqual([1, 1, 2]);
    // what a process finds that comes after one which died while the second row was in hand
    expect(wakes.at(-1)).toEqual([{ cron: 'labels', subject: '', at: '-infinity' }]);
  });
});

describe('a condition on rows', () => {
  it('holds back the ones it does not name, and they stay', async () => {
    for (const number of [1, 2]) await engine.queue(number);
    await runnerOf(finishAll, { onlyIf: 'q.number > 1' }).runDue();

    expect(acted).toEqual([2]);
    expect(await rows()).toEqual([expect.objectContaining({ number: 1, attempts: 0 })]);
  });
});
