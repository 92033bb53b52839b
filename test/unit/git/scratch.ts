import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClones, type Clone, type Clones } from '../../../src/git/index.ts';
import { sha, type Sha } from '../../../src/lib/ids.ts';

/** A file's text or bytes; `mode` also for links (120000) and submodules (160000, the text is the id). */
export type File = string | Buffer | { mode: string; content: string | Buffer };

/** What a commit of a test is made of; left out: no parent, nothing changed, the same person and time as always. */
export interface NewCommit {
  on?: Sha | readonly Sha[];
  /** Files written; null deletes. */
  files?: Readonly<Record<string, File | null>>;
  message?: string | Buffer;
  author?: string;
  committer?: string;
}

/** A remote repository on disk, clones of it, and a folder that goes with them. */
export interface Scratch extends AsyncDisposable {
  readonly folder: string;
  readonly origin: string;
  readonly clones: Clones;
  readonly clone: Clone;
  commit(about?: NewCommit): Sha;
  branch(name: string, at: Sha): void;
  readonly git: (...args: readonly string[]) => string;
  /** Runs git in the clone instead of the remote. */
  inClone(...args: readonly string[]): string;
  /** Gets everything of the given commits into the clone. */
  fetched(...shas: readonly Sha[]): Promise<void>;
  /** Files of a commit in the clone, by path. */
  files(commit: Sha): Record<string, string>;
}

export const PERSON = { name: 'Ada', email: 'ada@acme.test', date: '1700000000 +0100' };
export const BOT = { name: 'Bot', email: 'bot@acme.test', date: '1800000000 +0000' };
export const REPOSITORY_ID = 7;

const ENV = {
  PATH: '/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

/** Runs git for a test, as a person would: with a plain environment. */
export function git(dir: string, args: readonly string[], input?: string | Buffer): Buffer {
  const options = { env: ENV, input: input ?? '', maxBuffer: 1 << 28, stdio: 'pipe' } as const;
  return execFileSync('git', [`--git-dir=${dir}`, ...args], options);
}

export async function aScratch(
  options: Partial<Parameters<typeof openClones>[0]> = {},
): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), 'git-test-'));
  const origin = join(folder, 'origin.git');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', origin], { env: ENV });
  const identity = { name: 'Bot', email: 'bot@acme.test' };
  const root = join(folder, 'clones');
  const clones = await openClones({ root, identity, allowFile: true, ...options });
  const clone = await clones.of(REPOSITORY_ID, { url: `file://${origin}` });
  const text = (dir: string, args: readonly string[]): string => git(dir, args).toString().trim();
  const cloneDir = join(root, `${REPOSITORY_ID}.git`);
  return {
    folder,
    origin,
    clones,
    clone,
    commit: (about = {}) => writeCommit(origin, about),
    branch: (name, at) => void git(origin, ['update-ref', `refs/heads/${name}`, at]),
    git: (...args) => text(origin, args),
    inClone: (...args) => text(cloneDir, args),
    async fetched(...shas) {
      const outcome = await clone.fetch({ shas });
      if (outcome.kind !== 'fetched') throw new Error(`not fetched: ${JSON.stringify(outcome)}`);
    },
    files: (commit) => readFiles(cloneDir, commit),
    async [Symbol.asyncDispose]() {
      await clones.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

let refs = 0;

function writeCommit(origin: string, about: NewCommit): Sha {
  const ref = `refs/scratch/${(refs += 1)}`;
  const [from, ...merged] = [about.on ?? []].flat();
  const message = Buffer.from(about.message ?? 'change\n');
  const { name, email, date } = PERSON;
  const person = `${name} <${email}> ${date}`;
  const head = [
    `commit ${ref}\nmark :1\nauthor ${about.author ?? person}\n`,
    `committer ${about.committer ?? person}\ndata ${message.length}\n`,
  ];
  const input = Buffer.concat([
    Buffer.from(head.join('')),
    message,
    Buffer.from(`\n${from ? `from ${from}\n` : ''}${merged.map((id) => `merge ${id}\n`).join('')}`),
    ...Object.entries(about.files ?? {}).map(([path, file]) => fileCommand(path, file)),
    Buffer.from('\nget-mark :1\n'),
  ]);
  return sha(git(origin, ['fast-import', '--quiet', '--force'], input).toString().trim());
}

function fileCommand(path: string, file: File | null): Buffer {
  const quoted = `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
  if (file === null) return Buffer.from(`D ${quoted}\n`);
  const plain = typeof file === 'string' || Buffer.isBuffer(file);
  const { mode, content } = plain ? { mode: '100644', content: file } : file;
  if (mode === '160000') return Buffer.from(`M 160000 ${content.toString()} ${quoted}\n`);
  const bytes = Buffer.from(content);
  const command = Buffer.from(`M ${mode} inline ${quoted}\ndata ${bytes.length}\n`);
  return Buffer.concat([command, bytes, Buffer.from('\n')]);
}

function readFiles(dir: string, commit: Sha): Record<string, string> {
  const listed = git(dir, ['ls-tree', '-r', '-z', commit]).toString().split('\0').filter(Boolean);
  return Object.fromEntries(
    listed.map((line) => {
      const path = line.slice(line.indexOf('\t') + 1);
      const meta = line.slice(0, line.indexOf('\t'));
      const [mode, , id = ''] = meta.split(' ');
      const text = mode === '160000' ? id : git(dir, ['cat-file', 'blob', id]).toString();
      return [path, mode === '100644' ? text : `${mode} ${text}`];
    }),
  );
}

/** Numbered lines, some replaced: texts whose parts can be changed apart. */
export function lines(replaced: Readonly<Record<number, string>> = {}): string {
  return Array.from({ length: 12 }, (_, n) => `${replaced[n + 1] ?? n + 1}\n`).join('');
}
