import type { IncomingHttpHeaders } from 'node:http';
import { forbidden, invalid, notFound, Refused, unauthenticated } from '../errors.ts';
import type { Sim } from '../sim.ts';
import { permissionOf, includes } from '../state/permissions.ts';
import { findRepository, fullName } from '../state/state.ts';
import type { App, Permission, Repository, State, Token, User } from '../state/types.ts';

/** Who calls. `app` is set when the call carries a JWT of a GitHub App. */
export interface Actor {
  readonly user: User | null;
  readonly token: Token | null;
  readonly app: App | null;
}

/** One call to the REST interface, taken apart. */
export interface Call {
  readonly sim: Sim;
  /** What the call sees: the world as it is, or as it was when lag is on and the call only reads. */
  readonly state: State;
  readonly actor: Actor;
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as it was sent, for the few calls whose body is no object. */
  readonly raw: unknown;
  readonly headers: IncomingHttpHeaders;
}

/** An answer; a Buffer or string goes out as it is, all else as JSON. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** 200 with a body. */
export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** 201 with a body. */
export function created(body: unknown): Reply {
  return { status: 201, body };
}

/** 204. */
export const DONE: Reply = { status: 204 };

/** A part of the path that the route names. */
export function param(call: Call, name: string): string {
  return call.params[name] ?? '';
}

/** A number in the path; anything else is not found. */
export function numberParam(call: Call, name: string): number {
  const value = Number(param(call, name));
  if (!Number.isSafeInteger(value)) throw notFound();
  return value;
}

/** The calling account. */
export function caller(call: Call): User {
  if (!call.actor.user) throw unauthenticated();
  return call.actor.user;
}

/**
 * The repository the path names, when the caller may do as much there.
 *
 * @throws Refused 404 when the caller may not even read it, 403 when he may read but not do this, 301
 *   when it has another name now.
 */
export function repositoryOf(call: Call, needs: Permission = 'read'): Repository {
  const found = findRepository(call.state, param(call, 'owner'), param(call, 'repo'));
  if (!found) throw notFound();
  const has = permissionOf(call.state, found.repository, call.actor.user);
  if (!isFor(call.actor, found.repository)) throw notFound();
  if (!includes(has, 'read')) throw notFound();
  if (found.moved) throw movedTo(call, found.repository);
  if (includes(has, needs)) return found.repository;
  if (!call.actor.user) throw unauthenticated();
  if (needs === 'admin') throw new Refused(403, 'Must have admin rights to Repository.');
  throw forbidden();
}

/** Whether the caller's token is good for a repository: tokens of Apps may be for some only. */
export function isFor({ token }: Actor, repository: Repository): boolean {
  return token?.repositoryIds?.includes(repository.id) ?? true;
}

/** The way to a repository's present name: by its number in the API, by the new name on pages. */
function movedTo(call: Call, repository: Repository): Refused {
  const isApi = call.path.startsWith('/repos/');
  const rest = call.path.split('/').slice(isApi ? 4 : 3);
  const home = isApi ? `repositories/${repository.id}` : fullName(call.state, repository);
  const location = [call.sim.url, home, ...rest].join('/');
  const query = call.query.toString();
  return new Refused(call.method === 'GET' ? 301 : 307, 'Moved Permanently', {
    headers: { location: query === '' ? location : `${location}?${query}` },
  });
}

/** A text of the body; absent and null are undefined. */
export function text(call: Call, field: string): string | undefined {
  const value = call.body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new Refused(
    422,
    `Invalid request.\n\nFor 'properties/${field}', ${JSON.stringify(value)} is not a string.`,
  );
}

/** A text of the body that must be there and not be empty. */
export function needText(call: Call, field: string, resource = 'Resource'): string {
  const value = text(call, field);
  if (value === undefined || value === '')
    throw invalid({ resource, field, code: 'missing_field' });
  return value;
}

/** A yes or no of the body. */
export function flag(call: Call, field: string): boolean | undefined {
  const value = call.body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw new Refused(
    422,
    `Invalid request.\n\nFor 'properties/${field}', ${JSON.stringify(value)} is not a boolean.`,
  );
}

/** A list of texts of the body. */
export function texts(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new Refused(422, 'Invalid request: not an array.');
  return value.map((one: unknown) => {
    if (typeof one === 'string') return one;
    const name = isRecord(one) ? one['name'] : undefined;
    if (typeof name === 'string') return name;
    throw new Refused(422, `Invalid request.\n\n${JSON.stringify(one)} is not a string.`);
  });
}

/** Whether a parsed value is an object with named fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Cuts the page asked for out of a list, with the Link header. */
export function paged(call: Call, list: readonly unknown[], wrap?: (page: unknown[]) => unknown) {
  return pageOf(call, { length: list.length, slice: (from, to) => list.slice(from, to) }, wrap);
}

/** What a page can be cut out of without building the whole list. */
export interface Pages {
  readonly length: number;
  slice: (from: number, to: number) => unknown[];
}

/** Like {@link paged}, building only the entries of the page. */
export function pageOf(call: Call, list: Pages, wrap?: (page: unknown[]) => unknown): Reply {
  const size = bounded(call.query.get('per_page'), 30, 100);
  const page = bounded(call.query.get('page'), 1, Number.MAX_SAFE_INTEGER);
  const last = Math.max(1, Math.ceil(list.length / size));
  const part = list.slice((page - 1) * size, page * size);
  const links: string[] = [];
  const link = (to: number, rel: string): void => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(to));
    links.push(`<${call.sim.url}${call.path}?${query.toString()}>; rel="${rel}"`);
  };
  if (page > 1) link(Math.min(page - 1, last), 'prev');
  if (page < last) link(page + 1, 'next');
  if (page < last) link(last, 'last');
  if (page > 1) link(1, 'first');
  const headers: Record<string, string> = links.length > 0 ? { link: links.join(', ') } : {};
  return { status: 200, body: wrap ? wrap(part) : part, headers };
}

function bounded(value: string | null, usual: number, most: number): number {
  const number = Number(value ?? usual);
  if (!Number.isInteger(number) || number < 1) return usual;
  return Math.min(number, most);
}

/** The field of the body when it is an object, else null. */
export function part(call: Call, name: string): Record<string, unknown> | null {
  const value = call.body[name];
  return isRecord(value) ? value : null;
}
