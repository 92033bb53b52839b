/** One message of PostgreSQL's protocol; the first of a connection has no type. */
export interface Message {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Cuts one direction of a connection into messages. */
export class Messages {
  #rest = Buffer.alloc(0);
  #first: boolean;

  /** @param startup whether the first message is the one without a type. */
  constructor(startup: boolean) {
    this.#first = startup;
  }

  push(chunk: Buffer): Message[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const found: Message[] = [];
    for (let one = this.#take(); one !== null; one = this.#take()) found.push(one);
    return found;
  }

  #take(): Message | null {
    const head = this.#first ? 0 : 1;
    if (this.#rest.length < head + 4) return null;
    const length = head + this.#rest.readInt32BE(head);
    if (this.#rest.length < length) return null;
    const bytes = this.#rest.subarray(0, length);
    const type = this.#first ? '' : String.fromCharCode(bytes[0] ?? 0);
    this.#rest = this.#rest.subarray(length);
    this.#first = false;
    return { type, bytes };
  }
}

/** The SQL a message carries, or null. */
export function statementOf({ type, bytes }: Message): string | null {
  if (type === 'Q') return text(bytes, 5);
  if (type !== 'P') return null;
  const name = bytes.indexOf(0, 5);
  return text(bytes, name + 1);
}

function text(bytes: Buffer, from: number): string {
  return bytes.toString('utf8', from, bytes.indexOf(0, from));
}
