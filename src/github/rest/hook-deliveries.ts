import { z } from 'zod';
import { MISSING, OUTCOMES, readAs, splitRepository, toOutcome } from '../answer.ts';
import type { Calls } from '../calls.ts';
import { GitHubError } from '../errors.ts';
import type { HookDelivery, HookPlace, Missing, Outcome } from '../facts.ts';
import { text, time } from '../read.ts';

const PAGE_SIZE = 100;
/** 20,000 deliveries: what was lost longer ago than that many is left to the comparison. */
const MAX_PAGES = 200;

const shape = z.array(
  z
    .object({
      id: z.union([z.number(), z.bigint()]).transform(String),
      guid: text,
      delivered_at: time,
      status_code: z.int(),
    })
    .transform(({ id, guid, delivered_at, status_code }): HookDelivery => ({
      ...{ id, guid, at: delivered_at },
      ok: status_code >= 200 && status_code < 400,
    })),
);

interface Route {
  readonly path: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

function routeOf(place: HookPlace): Route {
  switch (place.kind) {
    case 'app':
      return { path: '/app/hook/deliveries', parameters: {} };
    case 'organization':
      return {
        path: '/orgs/{org}/hooks/{hook_id}/deliveries',
        parameters: { org: place.org, hook_id: place.hookId },
      };
    case 'repository':
      return {
        path: '/repos/{owner}/{repo}/hooks/{hook_id}/deliveries',
        parameters: { ...splitRepository(place.repo), hook_id: place.hookId },
      };
  }
}

/** The tries to deliver the webhooks of a hook since a time, newest first. */
export async function listHookDeliveries(
  calls: Calls,
  place: HookPlace,
  since: Date,
): Promise<readonly HookDelivery[] | Missing> {
  const { path, parameters } = routeOf(place);
  const call = { operation: 'hookDeliveries', kind: 'read', route: `GET ${path}` } as const;
  const all: HookDelivery[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const asked = { ...parameters, per_page: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) };
    const answer = await calls.rest({ ...call, parameters: asked, expected: [404] });
    if (answer.status === 404) return MISSING;
    const items = readAs(shape, answer.data, call);
    all.push(...items.filter((one) => one.at >= since));
    cursor = nextCursor(answer.headers['link']);
    if (cursor === null || items.some((one) => one.at < since)) break;
  }
  return all;
}

/** Only the cursor is taken from the address of the next page. */
function nextCursor(link: string | number | undefined): string | null {
  const address = /<([^>]*)>;\s*rel="?next"?/.exec(String(link ?? ''))?.[1];
  return address !== undefined && URL.canParse(address)
    ? new URL(address).searchParams.get('cursor')
    : null;
}

/** Has GitHub deliver once more; it comes as it was, under the same guid. */
export async function redeliver(
  calls: Calls,
  place: HookPlace,
  deliveryId: string,
): Promise<Outcome> {
  const { path, parameters } = routeOf(place);
  const answer = await calls.rest({
    operation: 'redeliver',
    kind: 'repeatable',
    route: `POST ${path}/{delivery_id}/attempts`,
    parameters: { ...parameters, delivery_id: deliveryId },
    expected: OUTCOMES,
  });
  return toOutcome(answer);
}

const configShape = z.object({ url: text.nullish() });

/** Where an App's own webhook leads; null for an account that is no App, or an App without one. */
export async function getAppHookUrl(calls: Calls): Promise<string | null> {
  if (!calls.isApp) return null;
  const call = { operation: 'appHookUrl', kind: 'read', route: 'GET /app/hook/config' } as const;
  try {
    const answer = await calls.rest({ ...call, expected: [404] });
    return answer.status === 404 ? null : (readAs(configShape, answer.data, call).url ?? null);
  } catch (error) {
    if (error instanceof GitHubError && error.status === 403 && !error.retryable) return null;
    throw error;
  }
}
