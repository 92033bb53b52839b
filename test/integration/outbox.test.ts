import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { changeLabels } from '../../src/crons/change-labels.ts';
import { sendFeedback } from '../../src/crons/send-feedback.ts';
import { changeLabels as queueLabels, close, say } from '../../src/feedback/say.ts';
import type { GitHub } from '../../src/github/gateway.ts';
import { type ConfiguredDatabase, configuredDatabase, openHandRun } from '../conftest/run.ts';
import { BOT_ID, failure, SmallGitHub } from '../unit/feedback/small-github.ts';

let configured: ConfiguredDatabase;
let github: SmallGitHub;

beforeEach(async () => {
  github = new SmallGitHub();
  configured = await configuredDatabase(github.now);
});

afterEach(() => configured.close());

const at = (number: number) => ({ repositoryId: 1, number });

function sayTo(number: number, key: string): Promise<void> {
  return say(configured.db.manager, { at: at(number), key, text: key, now: github.now });
}

async function sendAll(gateway: GitHub = github.gateway): Promise<void> {
  const { run } = await openHandRun(configured.db, 'feedback', {
    now: () => github.now,
    github: gateway,
    botId: BOT_ID,
  });
  await sendFeedback(run);
}

const rows = () =>
  configured.db.query<{ key: string; done: boolean; dead: boolean; attempts: number }[]>(
    `select key, done_at is not null as done, dead_at is not null as dead, attempts from feedback order by id`,
  );
const said = () => github.comments.map((one) => one.body.split('\n')[0]);

describe('the outbox', () => {
  it('says each key once, however often it is queued', async () => {
    await sayTo(1, 'a');
    await sayTo(1, 'a');
    await sendAll();
    await sayTo(1, 'a');
    await sendAll();

    expect(said()).toEqual(['a']);
  });

  it('keeps the order within a pull request, and lets others pass', async () => {
    for (const [number, key] of [
      [1, 'a'],
      [1, 'b'],
      [2, 'c'],
    ] as const)
      await sayTo(number, key);
    github.faults = ['down'];

    await sendAll();
    expect(said()).toEqual(['c']);

    github.now = new Date(github.now.getTime() + 120_000);
    await sendAll();
    expect(said()).toEqual(['c', 'a', 'b']);
  });

  it('wakes its cron again when the retry is due', async () => {
    await sayTo(1, 'a');
    github.faults = ['down'];

    await sendAll();

    expect(
      await configured.db.query(
        `select cron, run_at from cron_trigger where subject like 'feedback:%'`,
      ),
    ).toEqual([{ cron: 'feedback', run_at: new Date(github.now.getTime() + 60_000) }]);
  });

  it('lets a limit of GitHub cost no try', async () => {
    await sayTo(1, 'a');
    github.faults = ['limit'];

    await sendAll();

    expect(await rows()).toEqual([{ key: 'a', done: false, dead: false, attempts: 0 }]);
  });

  it('makes what GitHub finds invalid a dead letter at once, and goes on', async () => {
    await sayTo(1, 'a');
    await close(configured.db.manager, { at: at(1), key: 'b', now: github.now });
    const comment = () => Promise.reject(failure({ status: 422 }));

    await sendAll({ ...github.gateway, comment });

    expect(await rows()).toEqual([
      { key: 'a', done: false, dead: true, attempts: 1 },
      { key: 'b', done: true, dead: false, attempts: 1 },
    ]);
    expect(github.state).toBe('closed');
  });

  it('is done with a pull request that is gone', async () => {
    await sayTo(1, 'a');
    const comment = () => Promise.reject(failure({ status: 404 }));

    await sendAll({ ...github.gateway, comment });

    expect(await rows()).toMatchObject([{ done: true, dead: false }]);
  });

  it('looks for its own words after a crash between sending and writing it down', async () => {
    await sayTo(1, 'a');
    await sendAll();
    await configured.db.query('update feedback set done_at = null');
    github.now = new Date(github.now.getTime() + 60_000);

    await sendAll();

    expect(said()).toEqual(['a']);
    expect(await rows()).toMatchObject([{ done: true }]);
  });

  it('row 29: labels that cannot be changed wait longer each time, and are given up in the end', async () => {
    await queueLabels(configured.db.manager, { at: at(1), now: github.now, add: ['conflict'] });
    const addLabels = () => Promise.reject(failure({ status: 502 }));
    const gateway = { addLabels } as Partial<GitHub> as GitHub;
    const minutes: number[] = [];
    for (let tries = 0; tries < 40; tries += 1) {
      const world = { now: () => github.now, github: gateway };
      const { run } = await openHandRun(configured.db, 'labels', world);
      await changeLabels(run).catch(() => undefined);
      const [row] = await configured.db.query<{ retry_at: Date; dead_at: Date | null }[]>(
        'select retry_at, dead_at from label_change',
      );
      if (!row || row.dead_at !== null) break;
      minutes.push((row.retry_at.getTime() - github.now.getTime()) / 60_000);
      github.now = row.retry_at;
    }
    expect(minutes.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 32, 60]);
    const dead = await configured.db.query<unknown[]>(
      'select 1 from label_change where dead_at is not null',
    );
    expect(dead).toHaveLength(1);
  });
});

describe('the queue of labels', () => {
  it('changes the labels of a pull request with as few calls as can be', async () => {
    const { manager } = configured.db;
    await queueLabels(manager, { at: at(1), now: github.now, add: ['conflict', 'forwardport'] });
    await queueLabels(manager, { at: at(1), now: github.now, remove: ['conflict'] });
    const calls: string[] = [];
    const done = (call: string) => {
      calls.push(call);
      return Promise.resolve({ kind: 'done' as const });
    };
    const gateway = {
      removeLabel: (_repo: string, number: number, name: string) => done(`${number} -${name}`),
      addLabels: (_repo: string, number: number, names: readonly string[]) =>
        done(`${number} +${names.join()}`),
    } as Partial<GitHub> as GitHub;

    const { run } = await openHandRun(configured.db, 'labels', {
      now: () => github.now,
      github: gateway,
    });
    await changeLabels(run);

    expect(calls).toEqual(['1 -conflict', '1 +forwardport']);
    expect(await configured.db.query('select 1 from label_change')).toEqual([]);
  });

  it('waits longer each time GitHub fails, per pull request, and is given up in the end (11.2 row 29)', async () => {
    const { manager } = configured.db;
    for (const number of [1, 1, 2])
      await queueLabels(manager, { at: at(number), now: github.now, add: ['forwardport'] });
    let calls = 0;
    const gateway = {
      addLabels: (_repo: string, number: number) => {
        calls += 1;
        return number === 1
          ? Promise.reject(failure({ status: 502 }))
          : Promise.resolve({ kind: 'done' as const });
      },
    } as Partial<GitHub> as GitHub;
    const change = async () => {
      const world = { now: () => github.now, github: gateway };
      const { run } = await openHandRun(configured.db, 'labels', world);
      await changeLabels(run);
      return configured.db.query<{ number: number; retry_at: Date | null; dead: boolean }[]>(
        'select number, retry_at, dead_at is not null as dead from label_change order by id',
      );
    };

    let left = await change();
    expect([calls, left.map((row) => row.number)]).toEqual([2, [1, 1]]);
    const waits: number[] = [];
    while (left[0]?.retry_at) {
      waits.push(left[0].retry_at.getTime() - github.now.getTime());
      github.now = left[0].retry_at;
      left = await change();
    }
    const minute = 60_000;
    expect(waits.slice(0, 7).map((ms) => ms / minute)).toEqual([1, 2, 4, 8, 16, 32, 60]);
    expect(waits).toHaveLength(11);
    expect(left[0]?.dead).toBe(true);
  });
});
