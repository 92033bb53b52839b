import { writeSync } from 'node:fs';
import { errorCode } from '../errors.ts';

/** Bytes kept for a reader that is slow. What comes on top of them is dropped and counted. */
const LONGEST_QUEUE = 1024 * 1024;
/** So often is looked whether a slow reader takes something. */
const LOOK_AGAIN_MS = 50;
/** At its end a process waits so long for its reader: a clean stop has ten seconds for everything (contract 1). */
const LAST_WORDS_MS = 500;
const NEW_LINE = Buffer.from('\n');

/** What waits to be written. */
interface Waiting {
  /** What is left of it: a pipe that is nearly full takes a part. */
  rest: Buffer;
  readonly length: number;
  /** A line that tells of so many missing ones; 0: a line of the log. */
  readonly tellsOf: number;
}

/**
 * Writes lines to a file descriptor without waiting for who reads it (reliability F-122). Where there is room a line is out
 * at once, so a process that dies has said what it had to say. What finds no room is kept and tried again; beyond a bound
 * it is dropped and counted. From the first dropped line on all are, until everything kept is out: so the hole is in one
 * place, and is told there. Where nobody reads any more (EPIPE) or a disk is full, each line is tried, and counted.
 *
 * The descriptor must not block. A stream that writes in the background is no way out: a write that blocks holds a thread of
 * Node's pool, and the end of the process waits for that thread for ever (tried with Node 20.20).
 */
export class LogPipe {
  readonly #fd: number;
  readonly #tell: (dropped: number) => string;
  #queue: Waiting[] = [];
  #queued = 0;
  #hole = 0;
  #dropped = 0;
  #torn = false;
  #timer: NodeJS.Timeout | null = null;

  /** @param tell the line, with its end, that says how many are missing where it stands. */
  constructor(fd: number, tell: (dropped: number) => string) {
    this.#fd = fd;
    this.#tell = tell;
  }

  /** Lines dropped since the process began. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes a line with its end. Never throws. */
  write(line: string): void {
    this.#send();
    if (this.#hole > 0 || this.#queued > LONGEST_QUEUE) this.#drop(0);
    else {
      this.#keep(line, 0);
      this.#send();
    }
    this.#lookAgain();
  }

  /** For the end of the process, which waits here so long: what is kept goes out, if somebody takes it. */
  end(patienceMs = LAST_WORDS_MS): void {
    const until = performance.now() + patienceMs;
    const never = new Int32Array(new SharedArrayBuffer(4));
    this.#send();
    while (this.#queued > 0 && performance.now() < until) {
      Atomics.wait(never, 0, 0, 10);
      this.#send();
    }
  }

  #keep(line: string, tellsOf: number): void {
    const bytes = Buffer.from(line);
    const rest = this.#torn ? Buffer.concat([NEW_LINE, bytes]) : bytes;
    this.#torn = false;
    this.#queue.push({ rest, length: rest.length, tellsOf });
    this.#queued += rest.length;
  }

  #drop(tellsOf: number): void {
    this.#hole += tellsOf === 0 ? 1 : tellsOf; // what it told of is still untold
    if (tellsOf === 0) this.#dropped += 1;
  }

  /** Writes what waits, as far as there is room. */
  #send(): void {
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        const written = writeSync(this.#fd, next.rest);
        this.#queued -= written;
        next.rest = next.rest.subarray(written);
        if (next.rest.length === 0) this.#queue.shift();
      }
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN') this.#lose();
    }
  }

  /** When everything kept is out, what is missing is told. */
  #next(): Waiting | undefined {
    if (this.#queue.length === 0 && this.#hole > 0) {
      this.#keep(this.#tell(this.#hole), this.#hole);
      this.#hole = 0;
    }
    return this.#queue[0];
  }

  #lose(): void {
    this.#torn = this.#queue.some(({ rest, length }) => rest.length < length);
    for (const { tellsOf } of this.#queue.splice(0)) this.#drop(tellsOf);
    this.#queued = 0;
  }

  #lookAgain(): void {
    if (this.#queue.length === 0 || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#send();
      this.#lookAgain();
    }, LOOK_AGAIN_MS).unref();
  }
}
