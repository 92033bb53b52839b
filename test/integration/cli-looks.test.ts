import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import tmp from 'tmp';
import { dataSource } from '../../ormconfig.ts';
import { stagecoach } from '../conftest/cli.ts';
import { emptyDatabase } from '../conftest/database.ts';

let folder: tmp.DirResult;
beforeAll(() => {
  folder = tmp.dirSync({ prefix: 'stagecoach-look-', unsafeCleanup: true });
});
afterAll(() => folder.removeCallback());

function writeConfig(name: string, extra: object): string {
  const file = join(folder.name, name);
  const project = {
    ...{ name: 'acme', bot: 'stagecoach', token: 'tok' },
    webhook_secret: 'a-long-shared-webhook-secret',
    ...{ branches: ['17.0', 'master'], repositories: [{ name: 'acme/app' }] },
  };
  const github = { api_url: 'http://127.0.0.1:9' };
  writeFileSync(file, JSON.stringify({ github, projects: [project], ...extra }));
  return file;
}

describe('a command that only looks', () => {
  it('shows what it would make of an empty database, and leaves it empty', async () => {
    await using empty = await emptyDatabase();
    const config = writeConfig('empty.yml', { database: { url: empty.url } });
    const dry = await stagecoach(['apply', '--dry-run', '--config', config]);
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('+ project:acme') });
    const db = await dataSource(empty.url).initialize();
    const tables = await db.query<unknown[]>(
      `select table_name from information_schema.tables where table_schema = 'public'`,
    );
    await db.destroy();
    expect(tables).toEqual([]);
  });

  it.each([
    [['apply', '--dry-run'], 0, '+ project:acme'],
    [['doctor'], 1, 'database     answers'],
  ])('makes no data_dir: %j', async (args, code, told) => {
    const dataDir = join(folder.name, 'data');
    const config = writeConfig('embedded.yml', { data_dir: dataDir });
    const result = await stagecoach([...args, '--config', config]);
    expect(result).toMatchObject({ code, stdout: expect.stringContaining(told) });
    expect(existsSync(dataDir)).toBe(false);
  });
});
