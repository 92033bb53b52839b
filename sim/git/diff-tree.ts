import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { gitEnvironment } from './process.ts';

/** One changed file between two trees, renames found. */
export interface FileChange {
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  readonly path: string;
  readonly previous: string | null;
  /** The blob after the change; the one before it when the file is removed. */
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
}

/**
 * A long-lived `git diff-tree --stdin`. A line that is no object id is echoed and flushed (git does so
 * for gitk), which is how the end of an answer is known.
 */
export class DiffTree {
  readonly #dir: string;
  readonly #mark = `end-${randomUUID()}`;
  #child: ChildProcessWithoutNullStreams | null = null;
  #waiting: ((changes: FileChange[]) => void)[] = [];
  #buffer = Buffer.alloc(0);

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The files that differ between two trees (tree ids, not commits). */
  compare(before: string, after: string): Promise<FileChange[]> {
    const child = this.#started();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      child.stdin.write(`${before} ${after}\n${this.#mark}\n`);
    });
  }

  /** Ends the process. */
  close(): void {
    this.#child?.stdin.end();
    this.#child?.kill();
    this.#child = null;
  }

  #started(): ChildProcessWithoutNullStreams {
    if (this.#child) return this.#child;
    const args = ['diff-tree', '--stdin', '-r', '-z', '-M', '--raw', '--numstat', '--no-abbrev'];
    const child = spawn('git', ['--git-dir', this.#dir, ...args], { env: gitEnvironment() });
    child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    child.stdin.on('error', () => undefined);
    child.on('close', () => {
      if (this.#child === child) this.#child = null;
      const open = this.#waiting;
      this.#waiting = [];
      this.#buffer = Buffer.alloc(0);
      for (const resolve of open) resolve([]);
    });
    this.#child = child;
    return child;
  }

  #take(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    const mark = `${this.#mark}\n`;
    for (let at = this.#buffer.indexOf(mark); at >= 0; at = this.#buffer.indexOf(mark)) {
      const answer = this.#buffer.subarray(0, at);
      this.#buffer = Buffer.from(this.#buffer.subarray(at + mark.length));
      this.#waiting.shift()?.(parseChanges(answer.toString('utf8')));
    }
  }
}

const STATUS: Readonly<Record<string, FileChange['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

type Draft = { -readonly [K in keyof FileChange]: FileChange[K] };

/** Reads `--raw --numstat -z` records after the line that names the two trees. */
function parseChanges(text: string): FileChange[] {
  const fields = text.slice(text.indexOf('\n') + 1).split('\0');
  const changes = new Map<string, Draft>();
  for (let i = 0; i < fields.length;) {
    const field = fields[i++] ?? '';
    if (field.startsWith(':')) {
      const [, , before = '', after = '', letter = 'M'] = field.split(' ');
      const moved = /^[RC]/.test(letter);
      const first = fields[i++] ?? '';
      const path = moved ? (fields[i++] ?? '') : first;
      const status = STATUS[letter.charAt(0)] ?? 'modified';
      const sha = status === 'removed' ? before : after;
      const previous = moved ? first : null;
      changes.set(path, { status, path, previous, sha, additions: 0, deletions: 0 });
    } else if (field !== '') {
      const [additions = '0', deletions = '0', name = ''] = field.split('\t');
      if (name === '') i += 1;
      const change = changes.get(name === '' ? (fields[i++] ?? '') : name);
      if (!change) continue;
      change.additions = Number(additions) || 0;
      change.deletions = Number(deletions) || 0;
    }
  }
  return [...changes.values()];
}
