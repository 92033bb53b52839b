import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

/** An answer with all of its bytes. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** All the bytes of a request or an answer. */
export async function collect(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Sends a request on as it came, and waits for the whole answer. */
export function forward(target: URL, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
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

/** What a request changes, or null when it only reads: `push acme/app master`, `mutation name`, `POST /path`. */
export function labelOf({ method = '', url = '' }: IncomingMessage, body: Buffer): string | null {
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
