import { forbidden, noSuchCall, Refused, SUSPENDED } from '../errors.ts';
import { restRouter } from '../rest/routes.ts';
import type { RequestEntry } from '../sim.ts';
import { isSuspended, NOBODY } from './auth.ts';
import { isRecord, type Actor, type Reply } from './call.ts';
import { refusedByRate } from './limits.ts';
import { pageRouter } from '../pages/routes.ts';
import type { Router } from './router.ts';
import { type Exchange, callOf, mustTakeJson, parseBody, whoIs } from './exchange.ts';
import { failure } from './send.ts';

/** A call understood, before anything happens. */
export interface Plan {
  readonly operations: readonly string[];
  readonly isPage: boolean;
  readonly actor: Actor;
  readonly run: () => Reply | Promise<Reply>;
}

/** Understands a call: who makes it, and which operation it is. Refusals are plans too: faults come first. */
export async function planOf(exchange: Exchange, log: RequestEntry): Promise<Plan> {
  const actorOrNull = whoIs(exchange);
  const actor = actorOrNull ?? NOBODY;
  log.actor = actor.user?.login ?? (actor.app ? actor.app.slug : null);
  const { pathname } = exchange.url;
  const method = log.method;
  const refuse = (error: unknown): Plan => ({
    operations: [],
    isPage: false,
    actor,
    run: () => failure(error),
  });
  if (!actorOrNull) return refuse(new Refused(401, 'Bad credentials'));
  if (isSuspended(exchange.sim.state, actor)) return refuse(forbidden(SUSPENDED));
  const limited = refusedByRate(exchange.sim, actor, method);
  if (limited) return refuse(limited);
  let parsed: unknown;
  try {
    parsed = parseBody(exchange);
  } catch (error) {
    return refuse(error);
  }
  if (pathname === '/graphql') return planGraphql(exchange, { actor, parsed, log });
  for (const [router, isPage] of [
    [restRouter, false],
    [pageRouter, true],
  ] as [Router, boolean][]) {
    const found = router.match(method, pathname);
    if (found.kind === 'missing') continue;
    log.operation = found.route.operation;
    const call = callOf(exchange, { actor, parsed, found });
    const run = (): Reply | Promise<Reply> => {
      if (!isPage) mustTakeJson(exchange);
      return found.route.handle(call);
    };
    return { operations: [found.route.operation], isPage, actor, run };
  }
  return refuse(noSuchCall(method, pathname));
}

async function planGraphql(
  exchange: Exchange,
  what: { actor: Actor; parsed: unknown; log: RequestEntry },
): Promise<Plan> {
  const { actor, parsed, log } = what;
  const { prepareGraphql } = await import('../graphql/endpoint.ts');
  const prepared = prepareGraphql(exchange.sim, actor, isRecord(parsed) ? parsed : {});
  log.operation = prepared.operations[0] ?? null;
  return { operations: prepared.operations, isPage: false, actor, run: prepared.run };
}
