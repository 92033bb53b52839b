import { notFound } from '../errors.ts';
import { numberParam, ok, type Call, type Reply } from '../http/call.ts';
import { route } from '../http/router.ts';
import type { Json } from '../json/user.ts';
import type { Hook } from '../state/types.ts';
import type { Delivery } from '../webhooks/deliver.ts';

const OUTCOME = {
  pending: 'pending',
  held: 'pending',
  dropped: 'failed to connect to host',
  delivered: 'OK',
  failed: 'failed',
};

function deliveryJson(one: Delivery): Json {
  return {
    id: one.id,
    guid: one.guid,
    delivered_at: one.at,
    redelivery: one.redelivery,
    duration: one.durationMs / 1000,
    status:
      one.statusCode === 0
        ? OUTCOME[one.state]
        : one.statusCode < 400
          ? 'OK'
          : `Invalid HTTP Response: ${one.statusCode}`,
    status_code: one.statusCode,
    event: one.event,
    action: one.action,
    installation_id: one.installationId,
    repository_id: one.repositoryId,
    throttled_at: null,
  };
}

function fullDeliveryJson(one: Delivery): Json {
  return {
    ...deliveryJson(one),
    url: one.request.url,
    request: { headers: one.request.headers, payload: JSON.parse(one.request.payload) as unknown },
    response: { headers: one.response?.headers ?? {}, payload: one.response?.payload ?? null },
  };
}

/** The delivery routes for one hook or for the hook of an App. */
export function deliveryRoutes(at: string, prefix: string, find: (call: Call) => Hook) {
  const of = (call: Call): Delivery[] => {
    const { id } = find(call);
    return call.sim.deliverer.deliveries.filter((one) => one.hookId === id).reverse();
  };
  const one = (call: Call): Delivery => {
    const id = numberParam(call, 'delivery_id');
    const found = of(call).find((delivery) => delivery.id === id);
    if (!found) throw notFound();
    return found;
  };
  return [
    route('GET', at, `${prefix}/list-webhook-deliveries`, (call) => listDeliveries(call, of(call))),
    route('GET', `${at}/{delivery_id}`, `${prefix}/get-webhook-delivery`, (call) =>
      ok(fullDeliveryJson(one(call))),
    ),
    route(
      'POST',
      `${at}/{delivery_id}/attempts`,
      `${prefix}/redeliver-webhook-delivery`,
      (call) => {
        call.sim.deliverer.redeliver(find(call), one(call));
        return { status: 202, body: {} };
      },
    ),
  ];
}

/** Deliveries are paged by cursor: the id of the last one seen. */
function listDeliveries(call: Call, all: readonly Delivery[]): Reply {
  const size = Math.min(100, Number(call.query.get('per_page') ?? 30) || 30);
  const cursor = Number(call.query.get('cursor') ?? Infinity);
  const rest = all.filter((one) => one.id < cursor);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const next = new URLSearchParams(call.query);
  next.set('cursor', String(last?.id ?? 0));
  const more = rest.length > size;
  const headers: Record<string, string> = more
    ? { link: `<${call.sim.url}${call.path}?${next.toString()}>; rel="next"` }
    : {};
  return { status: 200, body: page.map(deliveryJson), headers };
}
