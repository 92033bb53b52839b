import type { Runner } from '../../../../src/crons/runner.ts';
import { CRON_NAMES, type CronName } from '../../../../src/triggers/names.ts';
import type { Engine } from '../an-engine.ts';
import { cronBodies } from './crons.ts';
import { wakesWithoutWork, type Work, worksWithoutWake } from './work.ts';
import { ormWriter, type Path, perform, promptWriter, type Step, type Writer } from './writer.ts';
import { WRITES } from './writes.ts';

/** One thing that happens. Writers are 0, 1 (TypeORM) and 2 (SQL at a prompt); each has a project of its own. */
export type Happening =
  | { kind: 'write'; writer: number; write: number; n: number; path: Path }
  | { kind: Step; writer: number }
  | { kind: 'run' }
  | { kind: 'wait'; minutes: number }
  | { kind: 'switch'; cron: CronName; to: 'on' | 'off' | 'off for a while' };

/** What became of a sequence. */
export interface Told {
  /** Work that nobody would have been woken for, at the first commit where there was such work. */
  readonly missed: readonly Work[];
  readonly writes: number;
  /** Wakes that found no work, by cron. */
  readonly idle: Readonly<Record<string, number>>;
}

/** An open transaction of a writer: what it owes at commit, and its marks. */
interface Open {
  owes: string[];
  writes: number;
  mark: { owes: string[]; writes: number } | null;
}

/** Tables that a sequence begins with empty. */
const tables = (engine: Engine) =>
  engine.db.entityMetadatas.map((entity) => `"${entity.tableName}"`).join(', ');

/** Three projects, each with two branches, two batches, two linked pull requests and a port. Nothing is due. */
async function fill(engine: Engine): Promise<void> {
  const { db } = engine;
  await db.query(['truncate', tables(engine), 'restart identity cascade'].join(' '));
  await db.query('insert into cron (name) select unnest($1::text[])', [CRON_NAMES]);
  await db.query(
    `insert into project (name, bot, settings) select 'p' || n, 'bot', '{"forwardport": {"enabled": true}}' from generate_series(1, 3) n`,
  );
  await db.query(
    `insert into repository (project_id, name, sequence) select n, 'acme/r' || n, 0 from generate_series(1, 3) n`,
  );
  await db.query(
    `insert into branch (project_id, name, sequence) select 1 + n / 2, 'b' || n, n % 2 from generate_series(0, 5) n`,
  );
  await db.query(
    `insert into batch (project_id, target_id, label, created_at) select 1 + n / 2, 1 + n, 'l' || n, $1 from generate_series(0, 5) n`,
    [engine.now()],
  );
  const columns = `repository_id, number, title, base, head, label, head_label, opened_at, github_updated_at, state_since, batch_id`;
  const values = `n, k, 't', 'master', 'h' || n || k, 'l', 'l', $1, $1, $1, 2 * n - 1 + k / 3`;
  await db.query(
    [`insert into pull_request (${columns}, source_id, detach_reason) select ${values},`].join('') +
      ` case when k = 3 then 1 end, case when k = 3 then 'a person pushed' end
        from generate_series(1, 3) n, generate_series(1, 3) k order by k, n`,
    [engine.now()],
  );
  await db.query('delete from cron_trigger');
}

/** Plays sequences, each from the same beginning. */
export class Play implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #writers: readonly Writer[];
  readonly #runner: Runner;
  #open: (Open | null)[] = [];
  #owes = new Set<string>();
  #serial = 0;
  #writes = 0;
  #idle: Record<string, number> = {};

  private constructor(engine: Engine, writers: readonly Writer[]) {
    this.#engine = engine;
    this.#writers = writers;
    this.#runner = engine.runner(cronBodies(engine.db));
  }

  static async over(engine: Engine): Promise<Play> {
    const prompt = await promptWriter(engine.url, 3);
    return new Play(engine, [ormWriter(engine.db, 1), ormWriter(engine.db, 2), prompt]);
  }

  /** Plays until work is missed, or to the end. */
  async tell(happenings: readonly Happening[]): Promise<Told> {
    await fill(this.#engine);
    this.#open = this.#writers.map(() => null);
    this.#owes = new Set();
    this.#writes = 0;
    this.#idle = {};
    const ends = this.#writers.map((_, writer) => ({ kind: 'commit', writer }) as const);
    try {
      for (const happening of [...happenings, ...ends]) {
        if (!(await this.#happen(happening))) continue;
        const missed = await this.#missed();
        if (missed.length > 0) return { missed, writes: this.#writes, idle: this.#idle };
      }
    } finally {
      for (const [n, open] of this.#open.entries())
        if (open) await this.#writers[n]!.transact('rollback');
    }
    return { missed: [], writes: this.#writes, idle: this.#idle };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const writer of this.#writers) await writer.close();
  }

  /** True when something was committed, or time went on. */
  async #happen(happening: Happening): Promise<boolean> {
    if (happening.kind === 'run') return this.#run();
    if (happening.kind === 'wait') {
      this.#engine.advance(happening.minutes * 60_000);
      return true;
    }
    if (happening.kind === 'switch') return this.#switch(happening);
    if (happening.kind === 'write') return this.#write(happening);
    return this.#transact(happening);
  }

  async #write(happening: Extract<Happening, { kind: 'write' }>): Promise<boolean> {
    const write = WRITES[happening.write]!;
    const at = { now: this.#engine.now(), serial: ++this.#serial };
    const writer = this.#writers[happening.writer]!;
    if (!(await perform(writer, { write, path: happening.path, n: happening.n, at }))) return false;
    const open = this.#open[happening.writer];
    if (!open) {
      this.#settle(write.owes ?? [], 1);
      return true;
    }
    open.owes.push(...(write.owes ?? []));
    open.writes += 1;
    return false;
  }

  async #transact({ kind, writer }: { kind: Step; writer: number }): Promise<boolean> {
    const open = this.#open[writer];
    if (kind === 'begin' ? open : !open) return false; // nothing to end, or begun already
    if (kind === 'back' && !open?.mark) return false;
    await this.#writers[writer]!.transact(kind);
    if (kind === 'begin') this.#open[writer] = { owes: [], writes: 0, mark: null };
    if (kind === 'savepoint') open!.mark = { owes: [...open!.owes], writes: open!.writes };
    if (kind === 'back') Object.assign(open!, { ...open!.mark, owes: [...open!.mark!.owes] });
    if (kind === 'commit' || kind === 'rollback') this.#open[writer] = null;
    if (kind === 'commit') this.#settle(open!.owes, open!.writes);
    return kind === 'commit' || kind === 'rollback';
  }

  #settle(owes: readonly string[], writes: number): void {
    for (const cron of owes) this.#owes.add(cron);
    this.#writes += writes;
  }

  async #run(): Promise<boolean> {
    const { db } = this.#engine;
    const idle = await wakesWithoutWork(db, { now: this.#engine.now(), owing: [...this.#owes] });
    for (const [cron, wakes] of Object.entries(idle))
      this.#idle[cron] = (this.#idle[cron] ?? 0) + wakes;
    const active = await db.query<{ name: string }[]>('select name from cron where active');
    await this.#runner.runDue();
    for (const { name } of active) this.#owes.delete(name);
    return true;
  }

  async #switch({ cron, to }: Extract<Happening, { kind: 'switch' }>): Promise<boolean> {
    const until =
      to === 'off for a while' ? new Date(this.#engine.now().getTime() + 1_200_000) : null;
    await this.#engine.db.query('update cron set active = $2, until = $3 where name = $1', [
      cron,
      to === 'on',
      until,
    ]);
    return true;
  }

  /** Work for which nobody will be woken, and looks that are owed although no row says so. */
  async #missed(): Promise<Work[]> {
    const { db } = this.#engine;
    const missed = await worksWithoutWake(db, this.#engine.now());
    const owed = await db.query<Work[]>(
      `select c.name as cron, 'a look' as what from cron c where c.active and c.name = any($1)
          and not exists (select from cron_trigger t where t.cron = c.name and t.run_at <= $2)`,
      [[...this.#owes], this.#engine.now()],
    );
    return [...missed, ...owed];
  }
}
