import type { HookPlace } from '../github/facts.ts';
import type { GitHub } from '../github/gateway.ts';
import { DELIVERIES_KEPT_MS, lostDeliveries } from '../rules/redelivery.ts';
import type { Run } from '../world.ts';

/** An hour for clocks that differ, and for deliveries that were under way. */
const OVERLAP_MS = 3_600_000;

/** A project, as far as its webhooks matter. */
export interface Listening {
  readonly project: string;
  /** `owner/name`. */
  readonly repositories: readonly string[];
}

/**
 * Has GitHub deliver again what failed to come here, oldest first: comments as well, which no comparison finds, as each
 * acts once and an approval only of the head that was there (R14, B-048). What GitHub does not keep any more, or does not
 * let this account see, is beyond help.
 */
export async function redeliverLost(run: Run, { project, repositories }: Listening): Promise<void> {
  const github = run.world.github(project);
  const since = await beginOf(run);
  for (const place of await ourHooks(run, github, repositories)) {
    const attempts = await github.hookDeliveries(place, since);
    if ('kind' in attempts) continue;
    const lost = lostDeliveries(attempts, await inInbox(run, attempts));
    for (const id of lost) {
      if (!(await run.mayGoOn())) return;
      await github.redeliver(place, id);
    }
    if (lost.length > 0)
      run.world.log.info({ project, hook: place, count: lost.length }, 'asked for lost deliveries');
  }
}

/** What was lost before the last comparison was asked for then. */
async function beginOf({ world, now }: Run): Promise<Date> {
  const rows = await world.db.query<{ at: Date | null }[]>(
    `select succeeded_at as at from cron where name = 'reconcile'`,
  );
  const last = (rows[0]?.at?.getTime() ?? 0) - OVERLAP_MS;
  return new Date(Math.max(last, now.getTime() - DELIVERIES_KEPT_MS));
}

/** The hooks that lead here: of repositories, of their organisations, of the App. */
async function ourHooks(
  { world }: Run,
  github: GitHub,
  repositories: readonly string[],
): Promise<HookPlace[]> {
  const url = `${world.url}/webhooks/github`;
  const places: HookPlace[] = (await github.appHookUrl()) === url ? [{ kind: 'app' }] : [];
  const owners = new Set(repositories.map((name) => name.split('/')[0] ?? ''));
  for (const org of owners) {
    const hooks = await github.organizationHooks(org);
    if ('kind' in hooks) continue;
    const ours = hooks.filter((hook) => hook.url === url);
    places.push(...ours.map(({ id }) => ({ kind: 'organization', org, hookId: id }) as const));
  }
  for (const repo of repositories) {
    const hooks = await github.hooks(repo);
    if ('kind' in hooks) continue;
    const ours = hooks.filter((hook) => hook.url === url);
    places.push(...ours.map(({ id }) => ({ kind: 'repository', repo, hookId: id }) as const));
  }
  return places;
}

/** Stored here although GitHub did not hear so. */
async function inInbox(
  { world }: Run,
  attempts: readonly { readonly guid: string }[],
): Promise<ReadonlySet<string>> {
  const rows = await world.db.query<{ guid: string }[]>(
    'select guid from delivery where guid = any($1)',
    [[...new Set(attempts.map((one) => one.guid))]],
  );
  return new Set(rows.map((row) => row.guid));
}
