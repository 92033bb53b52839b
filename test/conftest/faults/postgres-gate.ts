import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Life } from './points.ts';
import { type Message, Messages, statementOf } from './postgres-messages.ts';
import { isPoint, writeOf } from './sql-label.ts';

/** A connection that passes through. */
interface Passage {
  readonly client: Socket;
  readonly server: Socket;
  /** What the open transaction wrote so far. */
  readonly writes: Set<string>;
  /** As PostgreSQL last told: `I` none, `T` in a transaction, `E` in one that failed. */
  status: string;
  /** Nobody hears the answer to what was just sent: the process dies, or only this connection ends. */
  last: 'process' | 'connection' | null;
  /** Half-open: nothing passes any more, and neither end is told. */
  forgotten: boolean;
}

/** Stands before PostgreSQL and counts commits: one process's way to its database. */
export class PostgresGate {
  readonly #life: Life;
  #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #passages = new Set<Passage>();
  #shut = false;
  #watch: { readonly at: RegExp; readonly act: () => void } | null = null;
  /** Connections that were asked for. */
  asked = 0;

  private constructor(life: Life, target: URL) {
    this.#life = life;
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
    life.onDeath(() => this.#cut());
  }

  static async open(life: Life, databaseUrl: string): Promise<PostgresGate> {
    const gate = new PostgresGate(life, new URL(databaseUrl));
    await new Promise<void>((resolve) => gate.#server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  /** The address that leads through it. */
  get url(): string {
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** PostgreSQL is gone until it is opened: connections end, and none is taken. */
  shut(): void {
    this.#shut = true;
    this.#cut();
  }

  /** PostgreSQL is back. */
  reopen(): void {
    this.#shut = false;
  }

  /**
   * As a firewall that lost its memory: when the first commit of this name has been passed on, nothing passes any more on
   * any connection there is, without a word to either end. New connections are as ever. Answers when it happened.
   */
  forgetAt(at: RegExp): Promise<void> {
    return this.passes(at, () => {
      for (const passage of this.#passages) passage.forgotten = true;
    });
  }

  /** Answers when the first commit of this name has been passed on, and does something at that moment. */
  passes(at: RegExp, act: () => void = () => undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        act();
        resolve();
      };
      this.#watch = { at, act: done };
    });
  }

  /** PostgreSQL is at another port from now on. */
  leadTo(databaseUrl: string): void {
    this.#target = new URL(databaseUrl);
  }

  close(): void {
    this.#cut();
    this.#server.close();
  }

  /** Both ends at once: to PostgreSQL this is how a killed process looks. */
  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  #accept(client: Socket): void {
    this.asked += 1;
    if (this.#life.isDead() || this.#shut) {
      client.destroy();
      return;
    }
    const server = connect(Number(this.#target.port), this.#target.hostname);
    const passage = newPassage(client, server);
    this.#passages.add(passage);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.on('error', () => undefined); // the other end is told by `close`
    }
    client.on('close', () => {
      this.#passages.delete(passage);
      if (!passage.forgotten) server.destroy();
    });
    server.on('close', () => (passage.forgotten ? undefined : client.destroy()));
    const asked = new Messages(true);
    const answered = new Messages(false);
    client.on('data', (chunk: Buffer) => {
      for (const message of asked.push(chunk)) this.#ask(passage, message);
    });
    server.on('data', (chunk: Buffer) => {
      for (const message of answered.push(chunk)) this.#answer(passage, message);
    });
  }

  #ask(passage: Passage, message: Message): void {
    if (this.#life.isDead() || passage.forgotten) return;
    const statement = statementOf(message);
    const label = statement === null ? null : this.#pointOf(passage, statement);
    const mishap = label === null ? null : this.#life.points.reach(label);
    if (mishap === 'die before') this.#life.die();
    else if (mishap === 'fail before' || mishap === 'cut before') passage.server.destroy();
    else passage.server.write(message.bytes);
    if (mishap === 'die after') passage.last = 'process';
    if (mishap === 'fail after' || mishap === 'cut after') passage.last = 'connection';
    const watch = this.#watch;
    if (label === null || watch?.at.test(label) !== true) return;
    this.#watch = null;
    watch.act();
  }

  /** The commit that a statement is, if it is one. */
  #pointOf(passage: Passage, statement: string): string | null {
    const write = writeOf(statement);
    if (passage.status === 'I') {
      passage.writes.clear();
      return write !== null && isPoint(write) ? `write ${write}` : null;
    }
    if (write !== null) passage.writes.add(write);
    if (!/^commit\b/i.test(statement.trim()) || passage.writes.size === 0) return null;
    return `commit ${[...passage.writes].join(', ')}`;
  }

  #answer(passage: Passage, message: Message): void {
    if (this.#life.isDead() || passage.forgotten) return;
    const ready = message.type === 'Z';
    if (ready) passage.status = String.fromCharCode(message.bytes[5] ?? 0);
    if (passage.last === null) passage.client.write(message.bytes);
    else if (ready && passage.last === 'process') this.#life.die();
    else if (ready) passage.client.destroy();
  }
}

function newPassage(client: Socket, server: Socket): Passage {
  const writes = new Set<string>();
  return { client, server, writes, status: 'I', last: null, forgotten: false };
}
