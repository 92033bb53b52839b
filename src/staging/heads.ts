import { randomUUID } from 'node:crypto';
import { signAt } from '../git/index.ts';
import type { Sha } from '../lib/ids.ts';
import { rebuildMessage } from '../rules/landing-message.ts';
import type { BotIdentity } from '../world.ts';
import type { StagingContent } from './record.ts';
import type { Lane, Site } from './site.ts';

/** What is built in each repository. */
export interface BuiltHeads {
  readonly head: (lane: Lane) => Sha;
  /** Whether something lands there, even if the head is where the target stands already. */
  readonly lands: (lane: Lane) => boolean;
  readonly bot: BotIdentity;
  readonly now: Date;
}

/**
 * What is to be tested in each repository. Where nothing lands it is the target as it is, whose statuses may be there
 * already; with `uniquifier` it is an empty commit on top, which CI has never seen and which never lands (spec 5.7).
 */
export async function headsOf(site: Site, built: BuiltHeads): Promise<StagingContent['heads']> {
  const heads: StagingContent['heads'][number][] = [];
  for (const lane of site.lanes) {
    const changed = built.lands(lane);
    const anew = !changed && site.project.settings.staging.uniquifier;
    const head = anew ? await emptyCommit(lane, built) : built.head(lane);
    heads.push({ repositoryId: lane.repository.id, base: lane.base, head, changed });
  }
  return heads;
}

async function emptyCommit({ clone, base }: Lane, { bot, now }: BuiltHeads): Promise<Sha> {
  const author = signAt(bot, now);
  const message = rebuildMessage(base, randomUUID());
  const tree = await clone.tree(base);
  return clone.commitTree({ tree, parents: [base], author, committer: author, message });
}
