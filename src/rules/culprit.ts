import { isFailure } from './status.ts';
import type { ContextVerdict } from './status.ts';

/** One tested head of a failed staging, in the order of repositories. */
export interface TestedHead {
  readonly repository: string;
  readonly sha: string;
  readonly contexts: readonly ContextVerdict[];
}

/** A failed context, for the message. */
export interface FailedContext {
  readonly repository: string;
  readonly sha: string;
  readonly context: string;
  readonly url: string | null;
}

/** Who is to blame when a staging of one batch failed; `failures` are all that failed. */
export type Culprit<P> =
  | { readonly kind: 'pull-request'; readonly pull: P; readonly failures: readonly FailedContext[] }
  | { readonly kind: 'batch'; readonly failures: readonly FailedContext[] }
  | { readonly kind: 'unknown' };

/**
 * Finds the culprit (spec 6.6): the first repository with a failed counting context designates its
 * pull request of the batch, alone; a repository without one blames the whole batch; no failure
 * found blames the batch for an unknown reason. All failures are told (better behaviour 25).
 */
export function culprit<P extends { readonly repository: string }>(
  heads: readonly TestedHead[],
  pulls: readonly P[],
): Culprit<P> {
  const failures = heads.flatMap(failedContexts);
  const [first] = failures;
  if (first === undefined) return { kind: 'unknown' };
  const pull = pulls.find((one) => one.repository === first.repository);
  return pull === undefined
    ? { kind: 'batch', failures }
    : { kind: 'pull-request', pull, failures };
}

function failedContexts({ repository, sha, contexts }: TestedHead): FailedContext[] {
  return contexts
    .filter((one) => one.counts && isFailure(one.state))
    .map(({ context, url }) => ({ repository, sha, context, url }));
}
