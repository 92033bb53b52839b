import { createHash, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Refused } from '../errors.ts';
import type { Reply } from './call.ts';
import type { Exchange } from './exchange.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

const DOCUMENTATION = 'https://docs.github.com/rest';

/** A refusal in GitHub's shape; everything else is a 500 that says nothing. */
export function failure(error: unknown): Reply {
  if (!(error instanceof Refused))
    return { status: 500, body: { message: 'Server Error', documentation_url: DOCUMENTATION } };
  const errors = error.problems.length > 0 ? { errors: error.problems } : {};
  return {
    status: error.status,
    body: {
      message: error.message,
      ...errors,
      documentation_url: DOCUMENTATION,
      status: String(error.status),
    },
    headers: error.headers,
  };
}

/** Reads get an ETag; a caller who has that very answer gets 304. */
export function conditional(
  exchange: Exchange,
  plan: { readonly isPage: boolean },
  reply: Reply,
): Reply {
  const reads = exchange.request.method === 'GET' || exchange.request.method === 'HEAD';
  if (!reads || reply.status !== 200 || plan.isPage || Buffer.isBuffer(reply.body)) return reply;
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  const hash = createHash('sha1').update(text).digest('hex');
  const etag = `W/"${hash}"`;
  const type = typeof reply.body === 'string' ? {} : { 'content-type': JSON_TYPE };
  const headers = { ...type, ...reply.headers, etag };
  const asked = exchange.request.headers['if-none-match'];
  if (asked !== undefined && asked.replace(/^W\//, '') === `"${hash}"`)
    return { status: 304, headers };
  return { ...reply, headers, body: text };
}

/** Writes an answer out. */
export function send(response: ServerResponse, reply: Reply, more: Record<string, string>): void {
  const { status, body } = reply;
  const headers: Record<string, string> = {
    'x-github-request-id': randomUUID().toUpperCase(),
    'x-github-media-type': 'github.v3; format=json',
    ...more,
  };
  const plain = typeof body === 'string' || Buffer.isBuffer(body);
  if (body !== undefined) headers['content-type'] = plain ? 'text/html; charset=utf-8' : JSON_TYPE;
  Object.assign(headers, reply.headers);
  const content = body === undefined ? '' : plain ? body : JSON.stringify(body);
  if (status !== 204 && status !== 304)
    headers['content-length'] = String(Buffer.byteLength(content));
  response.writeHead(status, headers);
  response.end(content);
}
