import type { ServerResponse } from 'node:http';
import type { RequestEntry } from '../sim.ts';

import { serveGit, type GitCall } from './git.ts';
import { type Exchange, whoIs } from './exchange.ts';
import { faultFor, isFailure, delay, fail } from './disturb.ts';

/** Answers one call of a git client, faults included. */
export async function answerGit(
  exchange: Exchange,
  call: GitCall,
  log: RequestEntry,
): Promise<void> {
  const { sim, request, response, body } = exchange;
  log.operation = call.service;
  const actor = whoIs(exchange);
  log.actor = actor?.user?.login ?? null;
  if (!actor) {
    log.status = 401;
    response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' });
    response.end('Invalid username or token.');
    return;
  }
  const fault = faultFor(exchange, log, [call.service]);
  const gzip = request.headers['content-encoding'] === 'gzip';
  const protocol = String(request.headers['git-protocol'] ?? '');
  const serve = (to: ServerResponse): Promise<number> =>
    serveGit(sim, { call, actor, body, gzip, protocol, response: to });
  if (fault) await delay(fault);
  if (!fault || !isFailure(fault)) {
    log.status = await serve(response);
    return;
  }
  if (fault.after_effect) await serve(deaf());
  fail(exchange, log, fault);
}

/** A response nobody reads: for calls which are carried out although their answer fails. */
function deaf(): ServerResponse {
  const sink = {
    writeHead: () => sink,
    write: () => true,
    end: () => sink,
    on: () => sink,
    once: () => sink,
    emit: () => true,
    destroy: () => sink,
  };
  return sink as unknown as ServerResponse;
}
