import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { dataSource } from '../../ormconfig.ts';
import { migrate } from '../../src/setup/migrate.ts';
import { installedBells } from '../../src/triggers/install.ts';
import { emptyDatabase, type TestDatabase } from '../conftest/database.ts';

let database: TestDatabase;
let db: DataSource;

beforeEach(async () => {
  database = await emptyDatabase();
  db = await dataSource(database.url).initialize();
});

afterEach(async () => {
  await db.destroy();
  await database.drop();
});

describe('migrating', () => {
  it('makes tables and bells in an empty database', async () => {
    const run = await migrate(db);

    expect(run).toEqual(db.migrations.map((migration) => migration.name));
    expect((await installedBells(db.manager)).length).toBeGreaterThan(20);
  });

  it('runs each migration once when several processes start together', async () => {
    const runs = await Promise.all([migrate(db), migrate(db), migrate(db)]);

    expect(runs.flat()).toEqual(db.migrations.map((migration) => migration.name));
  });

  it('finds nothing to do the second time', async () => {
    await migrate(db);

    expect(await migrate(db)).toEqual([]);
  });

  it('leaves entities and tables telling the same story', async () => {
    await migrate(db);

    const { upQueries } = await db.driver.createSchemaBuilder().log();

    // TypeORM 1.1 strips casts from the defaults it reads back, so it always wants to set this one again
    const real = upQueries.filter(({ query }) => !query.includes('pg_current_xact_id'));
    expect(real.map(({ query }) => query)).toEqual([]);
  });

  it('refuses a database of a newer version, and changes nothing there (F-044)', async () => {
    await migrate(db);
    await db.query(`insert into migrations (timestamp, name) values (9000000000000, 'Later9')`);
    await db.query('drop trigger audit_is_final on audit');

    await expect(migrate(db)).rejects.toThrow('migrated by a newer version (Later9)');
    const names = (await installedBells(db.manager)).map((bell) => bell.name);
    expect(names).not.toContain('audit_is_final');
  });
});
