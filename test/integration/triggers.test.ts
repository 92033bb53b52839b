import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { dataSource } from '../../ormconfig.ts';
import { bellsVersion, installBells, installedBells } from '../../src/triggers/install.ts';
import { bells } from '../../src/triggers/sql.ts';
import { DEADLINES, TRIGGERS } from '../../src/triggers/table.ts';
import { freshDatabase, type TestDatabase } from '../conftest/database.ts';

let database: TestDatabase;
let db: DataSource;

beforeAll(async () => {
  database = await freshDatabase();
  db = await dataSource(database.url).initialize();
});

afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const columnsOf = (table: string): string[] =>
  db.entityMetadatas
    .filter((entity) => entity.tableName === table)
    .flatMap((entity) => entity.columns.map((column) => column.databaseName));

/** Columns that a condition reads. */
const readBy = (when = ''): string[] =>
  [...when.matchAll(/\b(?:new|old)\.(\w+)/g)].map(([, name]) => name ?? '');

describe('the triggers of a database', () => {
  it('are those of the table, no more and no less', async () => {
    const installed = (await installedBells(db.manager)).map(({ table, name }) => [table, name]);
    const wanted = bells()
      .filter((bell) => bell.table !== '')
      .map(({ table, name }) => [table, name]);

    expect(installed.map(String).sort()).toEqual(wanted.map(String).sort());
  });

  it('name columns that the records have', () => {
    for (const { table, on, when } of TRIGGERS) {
      const named = [...(typeof on === 'string' ? [] : on), ...readBy(when)];
      expect(columnsOf(table)).toEqual(expect.arrayContaining(named));
      expect(columnsOf(table).length).toBeGreaterThan(0);
    }
    for (const { table, at, when } of DEADLINES)
      expect(columnsOf(table)).toEqual(expect.arrayContaining([at, ...readBy(when)]));
  });

  it('are left alone when they are the wanted ones already', async () => {
    expect(await db.transaction(installBells)).toBe('unchanged');
  });

  it('are made equal to the table again when the installed ones are of another version', async () => {
    await db.query('create trigger stray after insert on person execute function refuse_change()');
    await db.query(`comment on function ring_cron() is 'older'`);

    expect(await db.transaction(installBells)).toBe('installed');

    const names = (await installedBells(db.manager)).map((bell) => bell.name);
    expect(names).not.toContain('stray');
    expect(bellsVersion()).toMatch(/^[0-9a-f]{16}$/);
    expect(await db.transaction(installBells)).toBe('unchanged');
  });

  it('know the deadlines of rows that are older than their bell', async () => {
    await db.query(`insert into cron (name) values ('merge')`);
    await db.query(`insert into project (name, bot, settings) values ('acme', 'bot', '{}')`);
    await db.query(`insert into branch (project_id, name, sequence) values (1, 'master', 0)`);
    await db.query('drop trigger due_staging_timeout_at_insert on staging');
    await db.query(
      `insert into staging (project_id, branch_id, staged_at, timeout_at, active)
        values (1, 1, $1, $1, true), (1, 1, $1, $1, false)`,
      [new Date('2026-05-04T08:00:00Z')],
    );
    await db.query('delete from cron_trigger');
    await db.query(`comment on function ring_cron() is 'older'`);
    await db.transaction(installBells);

    const inbox = await db.query<unknown[]>(
      'select cron, subject, run_at::text as at from cron_trigger order by subject',
    );
    expect(inbox).toEqual([
      { cron: 'merge', subject: '', at: '-infinity' },
      { cron: 'merge', subject: 'staging:1', at: '2026-05-04 08:00:00+00' },
    ]);
  });
});
