import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Life } from './points.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

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

async function collect(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function forward(target: URL, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  const { method, url: path, headers } = incoming;
  const kept = { ...headers };
  delete kept['transfer-encoding']; // what was collected has a length
  const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
  return new Promise((resolve, reject) => {
    const place = { hostname: target.hostname, port: target.port, method, path };
    const outgoing = request({ ...place, headers: { ...kept, ...length } }, (answer) => {
      collect(answer).then(
        (content) =>
          resolve({ status: answer.statusCode ?? 502, headers: plain(answer), body: content }),
        reject,
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function plain({ headers }: IncomingMessage): IncomingHttpHeaders {
  const kept = { ...headers };
  delete kept['transfer-encoding'];
  return kept;
}

/** What a request changes, or null when it only reads. */
function labelOf({ method = '', url = '' }: IncomingMessage, body: Buffer): string | null {
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return null;
  const [path = ''] = url.split('?');
  if (path.endsWith('/git-upload-pack')) return null;
  if (path.endsWith('/git-receive-pack')) return pushOf(path, body);
  if (path.endsWith('/graphql')) return mutationOf(body);
  return `${method} ${path.replace(/\/(comments|deployments)\/\d+/, '/$1/N')}`;
}

function mutationOf(body: Buffer): string | null {
  const { query = '' } = JSON.parse(body.toString('utf8')) as { query?: string };
  const name = /^\s*mutation\s+(\w+)/.exec(query)?.[1];
  return name === undefined ? null : `mutation ${name}`;
}

/** The commands of a push are lines with their length before them; git asks first with an empty list. */
function pushOf(path: string, body: Buffer): string | null {
  const refs: string[] = [];
  for (let at = 0; ;) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (!(length > 4)) break;
    const [, , ref = ''] = body.toString('utf8', at + 4, at + length).split(/[ \0\n]/);
    refs.push(ref.replace('refs/heads/', ''));
    at += length;
  }
  const repository = path.slice(1).replace(/\.git\/.*$/, '');
  return refs.length === 0 ? null : `push ${repository} ${refs.join(' ')}`;
}
