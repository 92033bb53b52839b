import type { Clone } from '../git/index.ts';
import type { Sha } from '../lib/ids.ts';
import type { ConflictFacts } from '../models/port.ts';
import type { PullRequest } from '../models/pull-request.ts';
import type { BotIdentity } from '../world.ts';

/** A pull request's commits and the branch they are carried to. */
export interface MakeOrder {
  readonly clone: Clone;
  readonly root: PullRequest;
  /** Where the root's commits began, for people: `acme/app#3`. */
  readonly rootName: string;
  readonly target: string;
  readonly bot: BotIdentity;
  readonly now: Date;
  /** A commit of the target that is here, as is the root. Left out: the head of the target, fetched. */
  readonly onto?: Sha;
}

/** What was made, and is not pushed yet. `impossible`: trying again changes nothing. */
export type Made =
  | {
      readonly kind: 'made';
      readonly head: Sha;
      readonly commitCount: number;
      readonly conflict: ConflictFacts | null;
    }
  | { readonly kind: 'impossible'; readonly reason: string };
