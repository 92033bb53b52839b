import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import tmp from 'tmp';
import { startPostgres } from '../../../src/lib/postgres.ts';
import { chooseAccount } from '../../../src/lib/postgres/account.ts';
import { findBinaries } from '../../../src/lib/postgres/binaries.ts';
import { clusterIn } from '../../../src/lib/postgres/cluster.ts';
import { waitUntilReady } from '../../../src/lib/postgres/lease.ts';
import { launch } from '../../../src/lib/postgres/postmaster.ts';
import { commandLine, findRunning, waitForEnd } from '../../../src/lib/postgres/process.ts';

describe('the embedded PostgreSQL', () => {
  let folder: tmp.DirResult;
  let dir: string;
  const holders: ChildProcess[] = [];

  beforeEach(() => {
    folder = tmp.dirSync({ prefix: 'stagecoach-pg-', unsafeCleanup: true });
    dir = join(folder.name, 'postgres');
  });

  afterEach(async () => {
    for (const holder of holders.splice(0)) holder.kill('SIGKILL');
    const left = await findRunning(clusterIn(dir).data);
    if (left !== undefined) {
      process.kill(left.pid, 'SIGQUIT');
      await waitForEnd(left.pid, 10_000);
    }
    folder.removeCallback();
  });

  /** Another process with the cluster. */
  async function hold(): Promise<{ holder: ChildProcess; url: string }> {
    const script = join(import.meta.dirname, 'postgres-holder.ts');
    const holder = spawn(process.execPath, ['--import', 'tsx', script, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    holders.push(holder);
    const [line] = (await once(holder.stdout, 'data')) as [Buffer];
    return { holder, url: line.toString().trim() };
  }

  async function ask(url: string, sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function serverPid(): Promise<number> {
    const running = await findRunning(clusterIn(dir).data);
    if (running === undefined) throw new Error('no server runs');
    return running.pid;
  }

  it('keeps its data over a restart', async () => {
    const first = await startPostgres({ dir, fast: true });
    await ask(first.url, 'create table kept as select 7 as n');
    await first.stop();
    const second = await startPostgres({ dir, fast: true });
    expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
    await second.stop();
    await second.stop();
    expect(await findRunning(clusterIn(dir).data)).toBeUndefined();
  });

  it('shows its password to nobody', async () => {
    const postgres = await startPostgres({ dir, fast: true });
    const { password } = new URL(postgres.url);
    const wrong = postgres.url.replace(password, 'wrong');
    await expect(ask(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(clusterIn(dir).password).mode & 0o777).toBe(0o600);
    const argv = await commandLine(await serverPid());
    expect(argv).toContain(clusterIn(dir).data);
    expect(argv).not.toContain(password);
    expect(readFileSync(clusterIn(dir).log, 'utf8')).not.toContain(password);
    await postgres.stop();
  });

  it('ends with a killed owner and loses nothing', async () => {
    const { holder, url } = await hold();
    await ask(url, 'create table kept as select 7 as n');
    const pid = await serverPid();
    holder.kill('SIGKILL');
    expect(await waitForEnd(pid, 10_000)).toBe(true);
    const again = await startPostgres({ dir, fast: true });
    expect(await ask(again.url, 'select n from kept')).toEqual([{ n: 7 }]);
    await again.stop();
  });

  it('serves a second process as a guest, who cannot stop it', async () => {
    const { url } = await hold();
    const guest = await startPostgres({ dir, fast: true });
    expect(guest.url).toBe(url);
    await guest.stop();
    expect(await ask(url, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  });

  it('takes over a server that was left behind', async () => {
    await (await startPostgres({ dir, fast: true })).stop();
    const account = await chooseAccount(clusterIn(dir).home);
    const { postgres: program } = await findBinaries({ forOthers: account.isOther });
    const left = await launch({ cluster: clusterIn(dir), account, program, fast: true });
    const password = readFileSync(clusterIn(dir).password, 'utf8');
    const readiness = await waitUntilReady(left, password);
    if (readiness.kind === 'ready') await readiness.lease.release(); // its owner is gone
    const taken = await startPostgres({ dir, fast: true });
    expect(new URL(taken.url).port).toBe(String(left.port));
    await taken.stop();
    expect(await waitForEnd(left.pid, 10_000)).toBe(true);
  });

  it('is not fooled by a pid file whose number another program has now', async () => {
    await (await startPostgres({ dir, fast: true })).stop();
    const lines = [process.pid, clusterIn(dir).data, 0, 1, '', '127.0.0.1', '', 'ready'];
    writeFileSync(join(clusterIn(dir).data, 'postmaster.pid'), lines.join('\n'));
    const postgres = await startPostgres({ dir, fast: true });
    expect(await ask(postgres.url, 'select 1 as alive')).toEqual([{ alive: 1 }]);
    await postgres.stop();
  });

  it('sweeps away what a killed first start left', async () => {
    mkdirSync(join(dir, 'cluster-new-999999999-x', 'data'), { recursive: true });
    const postgres = await startPostgres({ dir, fast: true });
    expect(readdirSync(dir).sort()).toEqual(['cluster', 'postgres.log']);
    await postgres.stop();
  });

  it('refuses the cluster of another version with one line that says what to do', async () => {
    await (await startPostgres({ dir, fast: true })).stop();
    writeFileSync(join(clusterIn(dir).data, 'PG_VERSION'), '12\n');
    const message = /belongs to PostgreSQL 12, not \d+; dump it with PostgreSQL 12 and load it/;
    await expect(startPostgres({ dir })).rejects.toThrow(message);
  });

  it('tells in one line that its folder cannot be made', async () => {
    writeFileSync(join(folder.name, 'file'), '');
    const failure = startPostgres({ dir: join(folder.name, 'file', 'postgres') });
    await expect(failure).rejects.toThrow(/cannot be made \(ENOTDIR\); choose another data_dir$/);
  });

  it('tells in one line why the server does not start', async () => {
    await (await startPostgres({ dir, fast: true })).stop();
    writeFileSync(join(clusterIn(dir).data, 'postgresql.conf'), 'no_such_setting = 1\n');
    const failure: unknown = await startPostgres({ dir, fast: true }).catch((e: unknown) => e);
    expect(failure).toMatchObject({ name: 'UserError', exitCode: 1 });
    expect(String(failure)).toMatch(/no_such_setting|configuration file/);
    expect(String(failure)).not.toContain('\n');
  });
});
