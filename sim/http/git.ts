import { gunzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { tryMerge } from '../acts/test-merge.ts';
import { SUSPENDED } from '../errors.ts';
import { advertiseFetch, serveFetch } from '../git/http-fetch.ts';
import { advertisePush, servePush } from '../git/http-push.ts';
import type { Sim } from '../sim.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import { findRepository } from '../state/state.ts';
import type { Repository } from '../state/types.ts';
import { isSuspended } from './auth.ts';
import { isFor, type Actor } from './call.ts';

/** One call of a git client. */
export interface GitCall {
  readonly owner: string;
  readonly name: string;
  readonly service: 'git-upload-pack' | 'git-receive-pack';
  readonly advertise: boolean;
}

/** Recognises the three paths of the smart protocol; null for everything else. */
export function asGitCall(url: URL): GitCall | null {
  const match =
    /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(
      url.pathname,
    );
  if (!match) return null;
  const advertise = match[3] === 'info/refs';
  const service = advertise ? url.searchParams.get('service') : match[3];
  if (service !== 'git-upload-pack' && service !== 'git-receive-pack') return null;
  const decode = (part: string | undefined) => decodeURIComponent(part ?? '');
  return { owner: decode(match[1]), name: decode(match[2]), service, advertise };
}

/** What git sent along. */
export interface GitRequest {
  readonly call: GitCall;
  readonly actor: Actor;
  readonly body: Buffer;
  readonly gzip: boolean;
  readonly protocol: string;
  readonly response: ServerResponse;
}

/** Whether the caller may; a status and a line of text when not. */
function refusal(sim: Sim, request: GitRequest): { repository: Repository } | [number, string] {
  const { call, actor } = request;
  const found = findRepository(sim.state, call.owner, call.name);
  const has =
    found && isFor(actor, found.repository)
      ? permissionOf(sim.state, found.repository, actor.user)
      : 'none';
  const writes = call.service === 'git-receive-pack';
  if (isSuspended(sim.state, actor)) return [403, SUSPENDED];
  if (!actor.user && (writes || !includes(has, 'read'))) return [401, 'Authentication required.'];
  if (!found || !includes(has, 'read')) return [404, 'Repository not found.'];
  const name = `${call.owner}/${call.name}`;
  if (writes && !includes(has, 'write') && !mayHelp(sim, found.repository, request))
    return [403, `Permission to ${name}.git denied to ${actor.user?.login ?? 'nobody'}.`];
  return { repository: found.repository };
}

/** "Allow edits by maintainers": whoever may write to the base may push to the head of an open pull. */
function mayHelp(sim: Sim, fork: Repository, request: GitRequest): boolean {
  const parent = fork.parentId === null ? undefined : sim.state.repositories.get(fork.parentId);
  if (!parent || !includes(permissionOf(sim.state, parent, request.actor.user), 'write'))
    return false;
  return [...parent.openPulls].some((number) => {
    const pull = parent.issues.get(number)?.pull;
    return pull?.maintainerCanModify === true && pull.headRepositoryId === fork.id;
  });
}

/** `refs/pull/N/merge` is made when a client of protocol 2 first asks for it by name. */
async function makeMerges(sim: Sim, repository: Repository, body: Buffer): Promise<void> {
  const start = body.subarray(0, 2048).toString('latin1');
  for (const [, number] of start.matchAll(/ref-prefix refs\/pull\/(\d+)\/merge/g))
    await tryMerge(sim, { repositoryId: repository.id, number: Number(number) });
}

/** Old clients do not say what they want before they see everything; beyond so many it would take too long. */
const MOST_MERGES = 100;

/** Makes `refs/pull/N/merge` of the newest open pull requests, for clients of the protocols 0 and 1. */
async function makeAllMerges(sim: Sim, repository: Repository): Promise<void> {
  const newest = [...repository.openPulls].sort((a, b) => b - a).slice(0, MOST_MERGES);
  for (const number of newest) await tryMerge(sim, { repositoryId: repository.id, number });
}

/** Answers a git client. @returns the status sent. */
export async function serveGit(sim: Sim, request: GitRequest): Promise<number> {
  const { call, response, protocol } = request;
  const place = refusal(sim, request);
  if (Array.isArray(place)) {
    const [status, text] = place;
    const ask = status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...ask });
    response.end(text);
    return status;
  }
  const { repository } = place;
  const body = request.gzip ? gunzipSync(request.body) : request.body;
  if (call.service === 'git-upload-pack') {
    if (call.advertise) {
      if (!/version=2/.test(protocol)) await makeAllMerges(sim, repository);
      advertiseFetch(sim, repository, { response, protocol });
    } else {
      await makeMerges(sim, repository, body);
      serveFetch(sim, repository, { response, protocol, body });
    }
    return 200;
  }
  const user = request.actor.user;
  if (!user) return 401;
  const answer = call.advertise
    ? advertisePush(repository)
    : await servePush(sim, repository, { body, by: user });
  const kind = call.advertise ? 'advertisement' : 'result';
  response.writeHead(200, {
    'content-type': `application/x-git-receive-pack-${kind}`,
    'cache-control': 'no-cache',
  });
  response.end(answer);
  return 200;
}
