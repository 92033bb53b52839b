import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Fallback, Schedule } from '../../../src/crons/schedule.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { dueCrons, wakeAt } from '../../../src/triggers/inbox.ts';
import { Listener } from '../../../src/triggers/listen.ts';
import { CRON_NAMES, type CronName } from '../../../src/triggers/names.ts';
import { anEngine, anEvent, type Engine } from './an-engine.ts';

let engine: Engine;
let undo: (() => unknown)[];
beforeEach(async () => {
  engine = await anEngine();
  undo = [];
});
afterEach(async () => {
  for (const one of undo.reverse()) await one();
  await engine[Symbol.asyncDispose]();
});

/** A listener that hands on what it hears, in order. */
async function listen(hear: (payload: string) => void): Promise<Listener> {
  const events = { rung: hear, connected: () => hear('connected') };
  const listener = new Listener(engine.url, events, engine.log);
  undo.push(() => listener.close());
  await listener.start();
  return listener;
}

/** A schedule that tells when it looked and something was due. */
function schedule(due: () => unknown): Schedule {
  const look = async () => {
    if ((await dueCrons(engine.db.manager, systemClock.now())).length > 0) due();
  };
  const made = new Schedule({ db: engine.db, clock: systemClock, log: engine.log, due: look });
  undo.push(() => made.stop());
  return made;
}

const never = Object.fromEntries(
  CRON_NAMES.map((name) => [name, { everyMs: 3_600_000 }]),
) as Record<CronName, Fallback>;

const inMs = (ms: number) => new Date(systemClock.now().getTime() + ms);

describe('the listener', () => {
  it('hears of a write when it is committed', async () => {
    const heard = anEvent();
    await listen((payload) => payload === 'deliveries' && heard.happens());
    await engine.deliver();

    await heard.happened;
    expect(await dueCrons(engine.db.manager, engine.now())).toEqual(['deliveries']);
  });

  it('connects again when its connection is cut, and says that the inbox must be looked at', async () => {
    const again = anEvent();
    let connections = 0;
    const listener = await listen((payload) => {
      if (payload === 'connected' && ++connections === 2) again.happens();
    });
    await engine.db.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'stagecoach-listen'`,
    );
    await engine.deliver(); // nobody may be listening now
    await again.happened;

    expect(listener.listening).toBe(true);
    expect(await dueCrons(engine.db.manager, engine.now())).toEqual(['deliveries']);
    expect(engine.alarms).toEqual(['listener lost its connection, will connect again']);
  });

  it('is told when a switched-on cron may have deadlines that nobody slept on', async () => {
    const heard = new Set<string>();
    const both = anEvent();
    await listen((payload) => {
      heard.add(payload);
      if (heard.has('merge') && heard.has('deadline')) both.happens();
    });
    await engine.switch('merge', false);
    await engine.switch('merge', true);

    await both.happened;
    expect([...heard]).toEqual(expect.arrayContaining(['merge', 'deadline']));
  });

  it('that is closed while it connects stays closed', async () => {
    let connections = 0;
    const events = { rung: () => undefined, connected: () => void (connections += 1) };
    const listener = new Listener(engine.url, events, engine.log);
    const starting = listener.start();
    await listener.close();
    await starting;

    expect([listener.listening, connections]).toEqual([false, 0]);
  });
});

describe('the schedule', () => {
  it('sleeps until the next deadline and says that it is reached', async () => {
    const reached = anEvent();
    const at = inMs(60);
    await wakeAt(engine.db.manager, 'merge', { subject: 'staging:1', at });
    await schedule(() => reached.happens()).start(never);
    await reached.happened;

    expect(systemClock.now().getTime()).toBeGreaterThanOrEqual(at.getTime());
  });

  it('sleeps on the earliest deadline, however the looks for it overlap', async () => {
    const reached = anEvent();
    const one = schedule(() => reached.happens());
    await one.start(never);
    const looks: Promise<void>[] = [];
    for (const ms of [3_600_000, 50, 1_800_000]) {
      const subject = `staging:${ms}`;
      await wakeAt(engine.db.manager, 'merge', { subject, at: inMs(ms) });
      looks.push(one.rearm());
    }
    await Promise.all(looks);

    await reached.happened;
    expect(await dueCrons(engine.db.manager, systemClock.now())).toEqual(['merge']);
  });

  it('starts what is due already when it is written, as a retry that a person asks for', async () => {
    const reached = anEvent();
    const one = schedule(() => reached.happens());
    await one.start(never);
    await wakeAt(engine.db.manager, 'merge', { subject: 'staging:1', at: inMs(-1000) });
    await one.rearm(); // what the notification does

    await reached.happened;
    expect(await engine.wakes('merge')).toHaveLength(1);
  });

  it('looks again when the database did not answer', async () => {
    const reached = anEvent();
    const one = schedule(() => reached.happens());
    await engine.db.query('alter table cron_trigger rename to out_of_reach');
    await one.start(never);
    await engine.db.query('alter table out_of_reach rename to cron_trigger');
    await wakeAt(engine.db.manager, 'merge', { subject: 'staging:1', at: inMs(-1000) });

    await reached.happened;
    expect(engine.alarms).toEqual(['next deadline unknown, will look again']);
  });

  it('writes a wake at the fallback interval, again and again, and runs nothing itself (R7)', async () => {
    const thrice = anEvent();
    let rings = 0;
    await listen((payload) => {
      if (payload === 'reconcile' && ++rings === 3) thrice.happens();
    });
    await schedule(() => undefined).start({ ...never, reconcile: { everyMs: 20 } });

    await thrice.happened;
    expect(await dueCrons(engine.db.manager, systemClock.now())).toEqual(['reconcile']);
  });

  it('refuses a rule that node-schedule cannot read', async () => {
    const broken = { ...never, reminders: { rule: 'now and then' } };

    await expect(schedule(() => undefined).start(broken)).rejects.toThrow('bad schedule');
  });
});

describe('listener, schedule and runner together', () => {
  it('run a cron at its deadline, once, and not before', async () => {
    engine.goLive();
    const ran = anEvent();
    const runs: number[] = [];
    const runner = engine.runner({
      merge: () => {
        runs.push(systemClock.now().getTime());
        ran.happens();
        return Promise.resolve();
      },
    });
    const timers = schedule(() => runner.kickDue());
    await timers.start(never);
    await listen((payload) => {
      if (payload === 'deadline') void timers.rearm();
      else if (payload === 'merge') runner.kick('merge');
    });
    const at = inMs(150);
    await engine.db.query(
      'insert into staging (project_id, branch_id, staged_at, timeout_at) values (1, 1, $1, $2)',
      [systemClock.now(), at],
    );
    await ran.happened;
    await runner.runDue(); // waits for the end of that run

    expect(runs).toHaveLength(1);
    expect(runs[0]).toBeGreaterThanOrEqual(at.getTime());
    expect(await engine.wakes()).toEqual([]);
  });
});
