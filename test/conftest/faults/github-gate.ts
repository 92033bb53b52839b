import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, collect, forward, labelOf } from './pass-on.ts';
import type { Life } from './points.ts';

/** Stands before GitHub and counts what changes something there: one process's way to the API and to git. */
export class GitHubGate {
  readonly #life: Life;
  readonly #target: URL;
  readonly #server: Server;

  private constructor(life: Life, target: URL) {
    this.#life = life;
    this.#target = target;
    this.#server = createServer((incoming, response) => void this.#pass(incoming, response));
  }

  static async open(life: Life, githubUrl: string): Promise<GitHubGate> {
    const gate = new GitHubGate(life, new URL(githubUrl));
    await new Promise<void>((resolve) => gate.#server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  /** The address that leads through it. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await collect(incoming);
    const answer = this.#life.isDead() ? REFUSAL : await this.#carry(incoming, body);
    if (answer === null) {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }

  /** Null: the connection is to end without an answer. */
  async #carry(incoming: IncomingMessage, body: Buffer): Promise<Answer | null> {
    const label = labelOf(incoming, body);
    const mishap = label === null ? null : this.#life.points.reach(label);
    if (mishap === 'die before') this.#life.die();
    if (this.#life.isDead()) return REFUSAL;
    if (mishap === 'fail before') return TROUBLE;
    if (mishap === 'cut before') return null;
    const answer = await forward(this.#target, incoming, body).catch(() => null);
    if (mishap === 'die after') this.#life.die();
    if (this.#life.isDead()) return REFUSAL;
    if (mishap === 'fail after') return TROUBLE;
    return mishap === 'cut after' ? null : answer;
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };
const TROUBLE: Answer = {
  status: 502,
  headers: JSON_TYPE,
  body: Buffer.from('{"message":"Server Error"}'),
};

/** What the dead hear: nothing that would let them go on, and nothing that would make them wait and ask again. */
const REFUSAL: Answer = {
  status: 401,
  headers: JSON_TYPE,
  body: Buffer.from('{"message":"dead"}'),
};
