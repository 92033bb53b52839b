import { isApproved, pullName } from '../ledger/facts.ts';
import type { PartialLanding } from '../ledger/partial.ts';
import { describeUnable } from '../messages/staging.ts';
import { Batch } from '../models/batch.ts';
import type { Run } from '../world.ts';
import { type StagedBatch, type StagedPull, Builder } from './build.ts';
import { type Candidate, readCandidates } from './candidate.ts';
import { checkCandidates } from './check-candidates.ts';
import { describe } from './set-back.ts';
import type { Site } from './site.ts';

/** What is left to land, on the targets as they are now. */
export type Rest =
  | { readonly kind: 'built'; readonly builder: Builder; readonly batches: readonly StagedBatch[] }
  | { readonly kind: 'obstacle'; readonly why: string };

/**
 * Puts the missing parts of straddling batches on the targets as they are now, in staging order. A part which somebody
 * brought there by hand counts as landed.
 */
export async function buildRest(
  run: Run,
  { site, partial }: { site: Site; partial: PartialLanding },
): Promise<Rest> {
  const bot = await run.world.identity(site.project.name);
  const builder = new Builder(site, { bot, now: run.now });
  const batches: StagedBatch[] = [];
  for (const [batchId, place] of partial.places) {
    if (place !== 'straddling') continue;
    const batch = await run.world.db.manager.findOneByOrFail(Batch, { id: batchId });
    const missing = await missingOf(run, { site, partial, batch });
    if (typeof missing === 'string') return { kind: 'obstacle', why: missing };
    const present = await presentAmong(missing, { site, builder });
    const absent = missing.filter((one) => !present.some(({ candidate }) => candidate === one));
    const outcome = await builder.add(batch, absent);
    if (outcome.kind === 'stopped') {
      const { candidate, obstacle } = outcome;
      const why =
        obstacle.kind === 'ask-method'
          ? 'it has no merge method.'
          : describeUnable(describe(obstacle));
      return { kind: 'obstacle', why: `${nameOf(candidate)}: ${why}` };
    }
    batches.push({ batch, pulls: [...present, ...outcome.staged.pulls] });
  }
  return { kind: 'built', builder, batches };
}

/** The candidates that have not landed, or why they cannot be. */
async function missingOf(
  run: Run,
  { site, partial, batch }: { site: Site; partial: PartialLanding; batch: Batch },
): Promise<Candidate[] | string> {
  const ids = partial.pulls
    .filter((one) => one.batchId === batch.id && !one.landed)
    .map((one) => one.pullRequestId);
  const all = await readCandidates(run.world.db.manager, batch.id);
  const missing = all.filter(({ pull }) => ids.includes(pull.id));
  if (missing.length < ids.length) return 'a pull request of it has been closed';
  const unapproved = missing.find(({ pull }) => !batch.skipchecks && !isApproved(pull));
  if (unapproved) return `${nameOf(unapproved)} is no longer approved`;
  const checked = await checkCandidates(run, { project: site.project, candidates: missing });
  return checked ?? 'a pull request of it is no longer what was approved';
}

/** Those whose target has all of them already. */
async function presentAmong(
  candidates: readonly Candidate[],
  { site, builder }: { site: Site; builder: Builder },
): Promise<StagedPull[]> {
  const present: StagedPull[] = [];
  for (const candidate of candidates) {
    const lane = site.lanes.find((one) => one.repository.id === candidate.repository.id);
    if (!lane) continue;
    const { head } = candidate;
    if ((await lane.clone.fetch({ shas: [head] })).kind !== 'fetched') continue;
    const onto = builder.head(lane);
    const merged = await lane.clone.mergeTree({ onto, head });
    if (merged.kind !== 'merged' || merged.changed) continue;
    const own = await lane.clone.commits(lane.base, head);
    const map = Object.fromEntries([...own.map((one) => one.sha), head].map((one) => [one, one]));
    present.push({ candidate, mergedSha: onto, map, closes: [] });
  }
  return present;
}

function nameOf({ repository, pull }: Candidate): string {
  return pullName(repository, pull);
}
