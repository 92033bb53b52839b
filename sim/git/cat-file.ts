import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { gitEnvironment } from './process.ts';

/** One object as git keeps it. */
export interface GitObject {
  readonly sha: string;
  readonly type: 'commit' | 'tree' | 'blob' | 'tag';
  readonly content: Buffer;
}

type Waiting = { resolve: (object: GitObject | null) => void; reject: (error: Error) => void };

/** A long-lived `git cat-file --batch`: an object costs 0.1 ms instead of a process. */
export class CatFile {
  readonly #dir: string;
  #child: ChildProcessWithoutNullStreams | null = null;
  #waiting: Waiting[] = [];
  #chunks: Buffer[] = [];
  #length = 0;
  #wanted = 0;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The object of a name git understands (`sha`, `sha:path`), or null when there is none. */
  read(name: string): Promise<GitObject | null> {
    if (/[\n\0]/.test(name)) return Promise.resolve(null);
    const child = this.#started();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      child.stdin.write(`${name}\n`);
    });
  }

  /** Ends the process; questions still open are refused. */
  close(): void {
    this.#child?.stdin.end();
    this.#child?.kill();
    this.#child = null;
  }

  #started(): ChildProcessWithoutNullStreams {
    if (this.#child) return this.#child;
    const child = spawn('git', ['--git-dir', this.#dir, 'cat-file', '--batch'], {
      env: gitEnvironment(),
    });
    child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    child.on('close', () => this.#ended(child));
    child.stdin.on('error', () => undefined);
    this.#child = child;
    return child;
  }

  #ended(child: ChildProcessWithoutNullStreams): void {
    if (this.#child === child) this.#child = null;
    const open = this.#waiting;
    this.#waiting = [];
    this.#chunks = [];
    this.#length = 0;
    this.#wanted = 0;
    for (const one of open) one.reject(new Error('git cat-file ended'));
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#wanted) return;
    let buffer = Buffer.concat(this.#chunks);
    for (let end = answer(buffer); end.kind === 'whole'; end = answer(buffer)) {
      this.#waiting.shift()?.resolve(end.object);
      buffer = buffer.subarray(end.size);
      this.#wanted = 0;
    }
    const rest = answer(buffer);
    this.#wanted = rest.kind === 'part' ? rest.wanted : 0;
    this.#chunks = [buffer];
    this.#length = buffer.length;
  }
}

type Answer =
  { kind: 'whole'; object: GitObject | null; size: number } | { kind: 'part'; wanted: number };

function answer(buffer: Buffer): Answer {
  const end = buffer.indexOf(10);
  if (end < 0) return { kind: 'part', wanted: 0 };
  const line = buffer.toString('utf8', 0, end);
  const match = /^([0-9a-f]{40}) (commit|tree|blob|tag) (\d+)$/.exec(line);
  if (!match) return { kind: 'whole', object: null, size: end + 1 };
  const size = end + 1 + Number(match[3]) + 1;
  if (buffer.length < size) return { kind: 'part', wanted: size };
  const content = Buffer.from(buffer.subarray(end + 1, size - 1));
  const type = match[2] as GitObject['type'];
  return { kind: 'whole', object: { sha: match[1] ?? '', type, content }, size };
}
