import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clone, openClones } from '../src/git/index.ts';
import { type Sha, sha } from '../src/lib/ids.ts';

const FILES = 5000;
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

/** A made-up history: always the same, with 5,000 files; `old` and `new` have parted, and changes hang on `new`. */
export interface History extends AsyncDisposable {
  /** Our clone, everything fetched. */
  readonly clone: Clone;
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

/** Makes one. */
export async function aHistory(changes: number): Promise<History> {
  const folder = await mkdtemp(join(tmpdir(), 'stagecoach-bench-'));
  try {
    return await historyIn(folder, changes);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function historyIn(folder: string, changes: number): Promise<History> {
  const origin = join(folder, 'origin.git');
  execFileSync('git', ['init', '--quiet', '--bare', origin], { env: ENV });
  const input = [...stream(changes)].join('');
  execFileSync('git', ['-C', origin, 'fast-import', '--quiet'], { env: ENV, input });
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

/** The history in the language of `git fast-import`. */
function* stream(changes: number): Generator<string> {
  const all = Array.from({ length: FILES }, (_, n) => [pathOf(n), textOf(n)] as const);
  yield commit('old', null, all);
  yield `reset refs/heads/new\nfrom refs/heads/old\n\n`;
  const top = (mark: string) =>
    Array.from({ length: FILES / 10 }, (_, n) => [pathOf(n), textOf(n, { 2: mark })] as const);
  yield commit('old', null, top('changed on the old branch'));
  yield commit('new', null, top('changed on the new branch'));
  for (let n = 0; n < changes; n += 1) {
    const marks = { 2: 'changed on the new branch', 40: `change ${n}` };
    const touched = [pathOf(n), pathOf(n + FILES / 2)] as const;
    yield commit(`change/${n}`, 'new', [
      [touched[0], textOf(n, marks)],
      [touched[1], textOf(n + FILES / 2, { 40: `change ${n}` })],
    ]);
  }
}

function commit(
  branch: string,
  from: string | null,
  files: readonly (readonly [string, string])[],
): string {
  const when = 'Bench <bench@example.test> 1700000000 +0000';
  const message = `Change ${branch}\n`;
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const head = `commit refs/heads/${branch}\nauthor ${when}\ncommitter ${when}\n${data(message)}`;
  const base = from === null ? '' : `from refs/heads/${from}\n`;
  return (
    head + base + files.map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`).join('')
  );
}
