import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

/** A request as it leaves; `url` is absolute. */
export interface Outgoing {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A whole answer, any status, body unread. */
export interface Incoming {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** How long and how much, at most. */
export interface Bounds {
  /** Ends the exchange wherever it stands. */
  readonly deadline: AbortSignal;
  readonly connectMs: number;
  readonly maxBytes: number;
}

/** No whole answer came. `sent` is false only when not one byte of the request can have arrived. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly sent: boolean;

  constructor(message: string, sent: boolean, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.sent = sent;
  }
}

/** Sends one request and reads the whole answer. @throws TransportError */
export type Transport = (outgoing: Outgoing, bounds: Bounds) => Promise<Incoming>;

/**
 * HTTP over Node's own client instead of its `fetch`: that one hides whether the connection ever stood, which
 * decides if a failed write may be sent again, and its connect timeout cannot be set (Node 20). Redirects are
 * answers here, never followed. Idle connections do not keep the process alive.
 */
export function createTransport(): Transport {
  const plain = new http.Agent({ keepAlive: true, maxSockets: 32 });
  const secure = new https.Agent({ keepAlive: true, maxSockets: 32 });
  return ({ url, method, headers, body }, bounds) => {
    const options = { method, headers, signal: bounds.deadline };
    const request =
      url.protocol === 'https:'
        ? https.request(url, { ...options, agent: secure })
        : http.request(url, { ...options, agent: plain });
    const answer = receive(request, bounds);
    request.end(body);
    return answer;
  };
}

function receive(request: http.ClientRequest, bounds: Bounds): Promise<Incoming> {
  const progress = { sent: false };
  const fail = (cause: unknown): TransportError =>
    new TransportError(reasonOf(cause, bounds), progress.sent, { cause });
  return new Promise((resolve, reject) => {
    request.on('socket', (socket) => {
      watchConnect(socket, bounds.connectMs, () => (progress.sent = true));
    });
    request.on('error', (error) => reject(fail(error)));
    request.on('response', (response) => {
      collect(response, bounds.maxBytes).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        (error: unknown) => {
          request.destroy();
          reject(fail(error));
        },
      );
    });
  });
}

/** A socket of the pool stands already; a new one must stand (TLS included) within the time. */
function watchConnect(socket: Socket, connectMs: number, connected: () => void): void {
  if (!socket.connecting) {
    connected();
    return;
  }
  const timer = setTimeout(() => {
    socket.destroy(new Error(`no connection within ${connectMs} ms`));
  }, connectMs);
  socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
    clearTimeout(timer);
    connected();
  });
  socket.once('close', () => clearTimeout(timer));
}

async function collect(response: http.IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function reasonOf(cause: unknown, bounds: Bounds): string {
  if (bounds.deadline.aborted) return 'no whole answer before the deadline';
  return cause instanceof Error ? cause.message : String(cause);
}
