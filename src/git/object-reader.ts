import { isSha, sha, type Sha } from '../lib/ids.ts';
import type { Git, GitExit, GitSession } from './call.ts';

/** An object as `cat-file --batch` gives it. */
export interface RawObject {
  readonly id: Sha;
  readonly type: string;
  readonly content: Buffer;
}

/** Reads objects through one git that stays: 0.04 ms each instead of a process (house.md trap 18). */
export interface ObjectReader {
  /** In the order asked; null for what is not there. @throws GitError when git ends, as over a broken object. */
  read(ids: readonly Sha[]): Promise<(RawObject | null)[]>;
  /** Ends the process; the next read starts another. To be called when the folder is replaced. */
  close(): void;
}

/** Settings of a reader; times in milliseconds. */
export interface ReaderOptions {
  readonly git: Git;
  readonly dir: string;
  /** How long the process may be without work. */
  readonly idleMs: number;
  /** How long one question may take. */
  readonly timeoutMs: number;
}

interface Question {
  readonly missing: number;
  readonly found: (RawObject | null)[];
  readonly resolve: (found: (RawObject | null)[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Conversation {
  readonly session: GitSession;
  readonly questions: Question[];
  timer: NodeJS.Timeout | undefined;
}

/** Makes a reader; starts nothing before the first question. */
export function createObjectReader(options: ReaderOptions): ObjectReader {
  let current: Conversation | undefined;
  const converse = (): Conversation => {
    const begun = begin(options, (ended) => {
      if (current === ended) current = undefined;
    });
    current = begun;
    return begun;
  };
  return {
    read(ids) {
      if (ids.length === 0) return Promise.resolve([]);
      return ask(current ?? converse(), { ids, options });
    },
    close() {
      current?.session.stop();
      current = undefined;
    },
  };
}

const CALL = { args: ['cat-file', '--batch'] };

function begin(options: ReaderOptions, forget: (ended: Conversation) => void): Conversation {
  const session = options.git.open({ ...CALL, dir: options.dir });
  const conversation: Conversation = { session, questions: [], timer: undefined };
  const parse = createParser((object) => {
    answer(conversation, { object, options, forget });
  });
  session.onAnswer(parse);
  void session.ended.then((exit) => {
    forget(conversation);
    clearTimeout(conversation.timer);
    const error = options.git.failure(CALL, asFailure(exit));
    for (const question of conversation.questions.splice(0)) question.reject(error);
  });
  return conversation;
}

/** Ending well is a failure too while somebody waits for an answer. */
function asFailure(exit: GitExit): GitExit {
  return exit.kind === 'exit' ? { ...exit, stderr: exit.stderr || 'ended early' } : exit;
}

function ask(
  conversation: Conversation,
  { ids, options }: { ids: readonly Sha[]; options: ReaderOptions },
): Promise<(RawObject | null)[]> {
  return new Promise((resolve, reject) => {
    conversation.questions.push({ missing: ids.length, found: [], resolve, reject });
    rest(conversation, options.timeoutMs);
    conversation.session.ask(`${ids.join('\n')}\n`);
  });
}

/** Ends the process after some time, unless something happens before. */
function rest(conversation: Conversation, ms: number): void {
  clearTimeout(conversation.timer);
  conversation.timer = setTimeout(() => {
    conversation.session.stop();
  }, ms);
}

function answer(
  conversation: Conversation,
  about: {
    object: RawObject | null;
    options: ReaderOptions;
    forget: (ended: Conversation) => void;
  },
): void {
  const [question] = conversation.questions;
  if (!question) return;
  question.found.push(about.object);
  if (question.found.length < question.missing) return;
  conversation.questions.shift();
  question.resolve(question.found);
  if (conversation.questions.length > 0) {
    rest(conversation, about.options.timeoutMs);
    return;
  }
  clearTimeout(conversation.timer);
  conversation.timer = setTimeout(() => {
    about.forget(conversation); // first: no question may reach a process on its way out
    conversation.session.stop();
  }, about.options.idleMs);
}

/** Cuts a stream of answers into objects. `git-cat-file(1)`, "Batch output". */
function createParser(found: (object: RawObject | null) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let held = 0;
  let needed = 1;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    if (held < needed) return; // joining at every chunk would copy big objects again and again
    let data = Buffer.concat(chunks);
    for (let next = parseOne(data); ; next = parseOne(data)) {
      if (typeof next === 'number') {
        needed = next;
        break;
      }
      found(next.object);
      data = data.subarray(next.length);
    }
    chunks = [data];
    held = data.length;
  };
}

/** @returns the first object with the length of its answer, or how many bytes are needed for it. */
function parseOne(data: Buffer): { object: RawObject | null; length: number } | number {
  const lineEnd = data.indexOf(0x0a);
  if (lineEnd < 0) return data.length + 1;
  const [id = '', type = '', size] = data.toString('latin1', 0, lineEnd).split(' ');
  if (size === undefined || !isSha(id)) return { object: null, length: lineEnd + 1 };
  const from = lineEnd + 1;
  const to = from + Number(size);
  if (data.length < to + 1) return to + 1;
  const content = Buffer.from(data.subarray(from, to));
  return { object: { id: sha(id), type, content }, length: to + 1 };
}
