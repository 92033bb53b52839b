import { Writable } from 'node:stream';
import { createLog, type Logger } from '../../src/lib/log.ts';

/** A line of the log. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

const WARN = 40;

/** A logger that collects: an unexpected warning fails the story that caused it. */
export class TestLog {
  readonly lines: LogLine[] = [];
  readonly logger: Logger;
  readonly #expected: RegExp[] = [];

  constructor() {
    const destination = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.lines.push(JSON.parse(chunk.toString()) as LogLine);
        done();
      },
    });
    this.logger = createLog({ level: 'debug', destination });
  }

  /** Says that warnings with this message belong to the story. */
  expect(message: RegExp): void {
    this.#expected.push(message);
  }

  /** Warnings and errors nobody expected. */
  get surprises(): LogLine[] {
    const isExpected = (line: LogLine) => this.#expected.some((message) => message.test(line.msg));
    return this.lines.filter((line) => line.level >= WARN && !isExpected(line));
  }
}
