import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clone, openClones } from '../src/git/index.ts';
import { type Sha, sha } from '../src/lib/ids.ts';

const FILES = 5000; // unless told
const LINES = 60;
const ENV = {
  PATH: process.env['PATH'] ?? '',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@example.test',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@example.test',
};

/** A made-up history: always the same, with 5,000 files unless told; `old` and `new` have parted, and changes hang on `new`. */
export interface History extends AsyncDisposable {
  /** Our clone, everything fetched. */
  readonly clone: Clone;
  /** Where it is. */
  readonly cloneFolder: string;
  /** A work tree of a clone of its own, made once: the classical way at its best. */
  readonly workTree: string;
  readonly heads: { readonly old: Sha; readonly new: Sha };
  /** Commits on `new`, each a child of its head, each changing one line of two files of its own. */
  readonly changes: readonly Sha[];
}

/** Runs git for the classical way. */
export function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { env: ENV, stdio: 'pipe' })
    .toString()
    .trim();
}

/** How large it is. */
interface Size {
  readonly files: number;
  /** How many of them were changed on both branches since they parted. */
  readonly parted: number;
}

/** Makes one. */
export async function aHistory(
  changes: number,
  size: Size = { files: FILES, parted: FILES / 10 },
): Promise<History> {
  const folder = await mkdtemp(join(tmpdir(), 'stagecoach-bench-'));
  try {
    return await historyIn(folder, { ...size, changes });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

interface Plan extends Size {
  readonly changes: number;
}

async function historyIn(folder: string, size: Plan): Promise<History> {
  const { changes } = size;
  const origin = join(folder, 'origin.git');
  execFileSync('git', ['init', '--quiet', '--bare', origin], { env: ENV });
  importInto(origin, join(folder, 'stream'), stream(size));
  const clones = await openClones({
    root: join(folder, 'clones'),
    identity: { name: 'Bench', email: 'bench@example.test' },
    allowFile: true,
  });
  const clone = await clones.of(1, { url: `file://${origin}` });
  const at = (name: string) => sha(git(origin, 'rev-parse', `refs/heads/${name}`));
  const heads = { old: at('old'), new: at('new') };
  const tips = Array.from({ length: changes }, (_, n) => at(`change/${n}`));
  await clone.fetch({ shas: [heads.old, heads.new, ...tips] });
  const workTree = join(folder, 'work');
  execFileSync('git', ['clone', '--quiet', '--branch', 'old', origin, workTree], { env: ENV });
  return {
    clone,
    cloneFolder: join(folder, 'clones', '1.git'),
    workTree,
    heads,
    changes: tips,
    async [Symbol.asyncDispose]() {
      await clones.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const pathOf = (n: number) => `dir${n % 100}/file${n}.txt`;

function textOf(n: number, marks: Readonly<Record<number, string>> = {}): string {
  const line = (at: number) => marks[at] ?? `line ${at} of file ${n}`;
  return `${Array.from({ length: LINES }, (_, at) => line(at)).join('\n')}\n`;
}

function* filesOf(count: number, marks = {}): Generator<readonly [string, string]> {
  for (let n = 0; n < count; n += 1) yield [pathOf(n), textOf(n, marks)];
}

/** By a file: the whole stream in memory would be most of what the benchmark needs. */
function importInto(origin: string, path: string, commands: Iterable<string>): void {
  const file = openSync(path, 'w+');
  let length = 0;
  for (const command of commands) length += writeSync(file, command, length);
  closeSync(file);
  const stdin = openSync(path, 'r');
  const stdio = [stdin, 'pipe', 'pipe'] as const;
  execFileSync('git', ['-C', origin, 'fast-import', '--quiet'], { env: ENV, stdio: [...stdio] });
  closeSync(stdin);
}

/** The history in the language of `git fast-import`. */
function* stream({ changes, files, parted }: Plan): Generator<string> {
  yield* commit('old', null, filesOf(files));
  yield `reset refs/heads/new\nfrom refs/heads/old\n\n`;
  yield* commit('old', null, filesOf(parted, { 2: 'changed on the old branch' }));
  yield* commit('new', null, filesOf(parted, { 2: 'changed on the new branch' }));
  for (let n = 0; n < changes; n += 1) {
    const first = n % parted;
    const second = first + files / 2;
    const marks = { 2: 'changed on the new branch', 40: `change ${n}` };
    yield* commit(`change/${n}`, 'new', [
      [pathOf(first), textOf(first, marks)],
      [pathOf(second), textOf(second, { 40: `change ${n}` })],
    ]);
  }
}

function* commit(
  branch: string,
  from: string | null,
  files: Iterable<readonly [string, string]>,
): Generator<string> {
  const when = 'Bench <bench@example.test> 1700000000 +0000';
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  yield `commit refs/heads/${branch}\nauthor ${when}\ncommitter ${when}\n${data(`Change ${branch}\n`)}`;
  if (from !== null) yield `from refs/heads/${from}\n`;
  for (const [path, text] of files) yield `M 100644 inline ${path}\n${data(text)}`;
}
