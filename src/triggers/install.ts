import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { backfill, bells } from './sql.ts';
import { DEADLINES } from './table.ts';

const LOCK = 7_210_411; // any number, the same in every process: one installs, the others wait

/** Identifies the set of bells: written on the shared function, so that an unchanged set is not installed again. */
export function bellsVersion(): string {
  return createHash('sha256').update(JSON.stringify(bells())).digest('hex').slice(0, 16);
}

/**
 * Makes the database's triggers equal to the tables in this folder, in the caller's transaction: what the list no longer
 * names is dropped. Nothing is done when the version is the installed one. New bells cannot have rung for what is there
 * already: deadlines are copied into the inbox, and every cron is asked to look once.
 */
export async function installBells(tx: EntityManager): Promise<'installed' | 'unchanged'> {
  await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
  const version = bellsVersion();
  const installed = await tx.query<{ version: string | null }[]>(
    `select obj_description(oid) as version from pg_proc where proname = 'ring_cron' and pronamespace = current_schema()::regnamespace`,
  );
  if (installed[0]?.version === version) return 'unchanged';
  for (const { drop } of await installedBells(tx)) await tx.query(drop);
  for (const bell of bells()) for (const sql of bell.sql) await tx.query(sql);
  for (const deadline of DEADLINES) for (const sql of backfill(deadline)) await tx.query(sql);
  await tx.query('insert into cron_trigger (cron) select name from cron on conflict do nothing');
  await tx.query(`comment on function ring_cron() is '` + version + `'`);
  return 'installed';
}

/** A trigger that is in the database, and the statement that drops it, quoted by PostgreSQL. */
interface InstalledBell {
  readonly name: string;
  readonly table: string;
  readonly drop: string;
}

/** The triggers that are in the database now, by table and name. */
export function installedBells(tx: EntityManager): Promise<InstalledBell[]> {
  return tx.query(
    `select t.tgname as name, c.relname as table,
            format('drop trigger %I on %I', t.tgname, c.relname) as drop
       from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where not t.tgisinternal and c.relnamespace = current_schema()::regnamespace
      order by c.relname, t.tgname`,
  );
}
