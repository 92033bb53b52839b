import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collect, forward, labelOf } from './pass-on.ts';

/** A call that stands before GitHub and is let through when the story says so. */
export interface Held {
  /** Who made it. */
  readonly name: string;
  release(): void;
}

/** A call that was to be held, or null while it has not come. */
export function arrivalOf(held: Promise<Held>): Promise<Held | null> {
  return Promise.race([held, Promise.resolve(null)]);
}

interface Waiting {
  readonly label: string;
  readonly arrive: (held: Held) => void;
}

/** Ways of several processes to GitHub, one for each; a call of any of them can be held on its way. */
export class Turnstiles {
  readonly #target: URL;
  readonly #servers: Server[] = [];
  #waiting: Waiting | null = null;

  constructor(githubUrl: string) {
    this.#target = new URL(githubUrl);
  }

  /** @returns the address of GitHub for the process of this name. */
  async open(name: string): Promise<string> {
    const server = createServer((incoming, response) => void this.#pass(name, incoming, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Holds the next call with this label; those that come after it pass. */
  hold(label: string): Promise<Held> {
    return new Promise((arrive) => {
      this.#waiting = { label, arrive };
    });
  }

  close(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  async #pass(name: string, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await collect(incoming);
    await this.#wait(name, labelOf(incoming, body));
    const answer = await forward(this.#target, incoming, body).catch(() => null);
    if (answer === null) {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }

  #wait(name: string, label: string | null): Promise<void> {
    const waiting = this.#waiting;
    if (label === null || waiting?.label !== label) return Promise.resolve();
    this.#waiting = null;
    return new Promise((release) => waiting.arrive({ name, release }));
  }
}
