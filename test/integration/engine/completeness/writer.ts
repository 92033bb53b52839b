import pg from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { type Columns, type Occasion, ownRows, type Write } from './writes.ts';

/** The ways in which rows are written: the ORM's two, its query builder, and plain SQL. */
export const PATHS = ['save', 'manager', 'builder', 'sql'] as const;
export type Path = (typeof PATHS)[number];

/** Somebody with a connection of his own, who writes to rows of one project. */
export interface Writer {
  readonly project: number;
  /** Absent: no ORM, as at a prompt. */
  readonly manager?: EntityManager;
  query<T>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  /** Begins or ends a transaction, as TypeORM wants to know it, or sets a mark in it and goes back there. */
  transact(step: Step): Promise<void>;
  close(): Promise<void>;
}

/** Steps of a transaction. */
export type Step = 'begin' | 'commit' | 'rollback' | 'savepoint' | 'back';

const BY_SQL = { savepoint: 'savepoint mark', back: 'rollback to savepoint mark' } as const;

/** A writer that uses TypeORM in every way. */
export function ormWriter(db: DataSource, project: number): Writer {
  const runner = db.createQueryRunner();
  const { manager } = runner;
  return {
    project,
    manager,
    async query<T>(sql: string, values: readonly unknown[] = []) {
      const answer = (await runner.query(sql, [...values])) as T[] | [T[], number];
      return answer as T[];
    },
    async transact(step) {
      if (step === 'begin') await runner.startTransaction();
      else if (step === 'commit') await runner.commitTransaction();
      else if (step === 'rollback') await runner.rollbackTransaction();
      else await runner.query(BY_SQL[step]);
    },
    close: () => runner.release(),
  };
}

/** A writer that knows SQL only. */
export async function promptWriter(url: string, project: number): Promise<Writer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    project,
    query: async <T>(sql: string, values: readonly unknown[] = []) =>
      (await client.query(sql, [...values])).rows as T[],
    async transact(step) {
      await client.query(step === 'savepoint' || step === 'back' ? BY_SQL[step] : step);
    },
    close: () => client.end(),
  };
}

/** Does a write in one of the ways. False: there was nothing to write it to. */
export async function perform(
  writer: Writer,
  {
    write,
    path,
    n,
    at,
  }: { write: Write; path: Path; n: number; at: Omit<Occasion, 'pick' | 'project'> },
): Promise<boolean> {
  const pick = (table: string, only = 'true') => pickOwn(writer, { table, only, n });
  const occasion = { ...at, project: writer.project, pick };
  const target = write.does === 'insert' ? null : await pick(write.table, write.only);
  const values = (await write.values?.(occasion)) ?? (write.does === 'delete' ? {} : undefined);
  if (target === undefined || values === undefined) return false;
  if (Object.values(values).includes(undefined)) return false; // it names a row that is not there
  await writeOne(writer, { write, path, target, values });
  return true;
}

async function pickOwn(
  writer: Writer,
  { table, only, n }: { table: string; only: string; n: number },
): Promise<number | undefined> {
  const sql = `select id from ${table} where ${ownRows(table)} and (${only}) order by id`;
  const rows = await writer.query<{ id: number }>(sql, [writer.project]);
  return rows[n % Math.max(1, rows.length)]?.id;
}

interface Statement {
  readonly write: Write;
  readonly path: Path;
  readonly target: number | null;
  readonly values: Columns;
}

async function writeOne(writer: Writer, statement: Statement): Promise<void> {
  const { manager } = writer;
  if (!manager || statement.path === 'sql') return bySql(writer, statement);
  const { target: entity, columns } = manager.dataSource.getMetadata(statement.write.table);
  const values = Object.fromEntries(
    Object.entries(statement.values).map(([name, value]) => [
      columns.find((column) => column.databaseName === name)!.propertyName,
      value,
    ]),
  );
  const { target, path, write } = statement;
  if (target === null) {
    if (path === 'save') await manager.save(manager.create(entity, values));
    else if (path === 'manager') await manager.insert(entity, values);
    else await manager.createQueryBuilder().insert().into(entity).values(values).execute();
  } else if (write.does === 'delete') {
    if (path === 'save')
      await manager.remove(await manager.findOneByOrFail(entity, { id: target }));
    else await manager.delete(entity, target);
  } else if (path === 'save') {
    const row = await manager.findOneByOrFail(entity, { id: target });
    await manager.save(Object.assign(row, values));
  } else if (path === 'manager') await manager.update(entity, target, values);
  else {
    const builder = manager.createQueryBuilder().update(entity).set(values);
    await builder.where('id = :target', { target }).execute();
  }
}

async function bySql(writer: Writer, { write, target, values }: Statement): Promise<void> {
  const names = Object.keys(values).map((name) => `"${name}"`);
  const given = Object.values(values).map((value) =>
    value !== null &&
    typeof value === 'object' &&
    !(value instanceof Date || Buffer.isBuffer(value))
      ? JSON.stringify(value)
      : value,
  );
  const places = names.map((_, i) => `$${i + 1}`);
  const last = `$${names.length + 1}`;
  if (write.does === 'insert') {
    const sql = `insert into ${write.table} (${names.join(', ')}) values (${places.join(', ')})`;
    await writer.query(sql, given);
  } else if (write.does === 'delete') {
    const sql = `delete from ${write.table} where id = $1`;
    await writer.query(sql, [target]);
  } else {
    const sets = names.map((name, i) => `${name} = ${places[i]!}`).join(', ');
    const sql = `update ${write.table} set ${sets} where id = ${last}`;
    await writer.query(sql, [...given, target]);
  }
}
