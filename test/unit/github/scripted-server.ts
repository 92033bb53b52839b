import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createGitHub } from '../../../src/github/create-github.ts';
import type { GitHub } from '../../../src/github/gateway.ts';
import type { GitHubOptions } from '../../../src/github/options.ts';

/** A request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
}

/** One answer: plain data, or a hand on the socket for what HTTP cannot say. */
export type Reply =
  | { status?: number; json?: unknown; text?: string; headers?: Record<string, string> }
  | ((request: IncomingMessage, response: ServerResponse) => void);

/** A server on the loopback that answers by a script. What is asked beyond the script is answered 418. */
export class ScriptedServer implements AsyncDisposable {
  readonly seen: Seen[] = [];
  readonly #replies: Reply[];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(...replies: Reply[]) {
    this.#replies = replies;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** `METHOD path` of everything asked so far. */
  get asked(): string[] {
    return this.seen.map(({ method, url }) => `${method} ${url.pathname}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    this.seen.push({
      method: request.method ?? '',
      url: new URL(request.url ?? '', this.url),
      body: text === '' ? undefined : JSON.parse(text),
      headers: request.headers,
    });
    const reply = this.#replies.shift() ?? { status: 418, json: { message: 'not in the script' } };
    if (typeof reply === 'function') reply(request, response);
    else write(response, reply);
  }
}

function write(response: ServerResponse, reply: Exclude<Reply, (...args: never[]) => void>): void {
  const type = reply.text === undefined ? 'application/json; charset=utf-8' : 'text/html';
  response.writeHead(reply.status ?? 200, { 'content-type': type, ...reply.headers });
  response.end(reply.text ?? (reply.json === undefined ? '' : JSON.stringify(reply.json)));
}

/** A server with a script. */
export function aServer(...replies: Reply[]): Promise<ScriptedServer> {
  return new ScriptedServer(...replies).start();
}

const silent = { debug: ignore, info: ignore, warn: ignore };

function ignore(): void {
  // a test that cares for the log passes its own
}

/** The gateway towards a server, without delays. */
export function gatewayTo(
  { url }: { readonly url: string },
  changed: Partial<GitHubOptions> = {},
): GitHub {
  return createGitHub({
    apiUrl: url,
    graphqlUrl: `${url}/graphql`,
    auth: { token: () => Promise.resolve('tok') },
    writeIntervalMs: 0,
    log: silent,
    retryPauseMs: 1,
    ...changed,
  });
}
