import type { PortPolicy } from './command-types.ts';
import type { StatusState } from './status.ts';

/** One branch of the project as a repository sees it; lists are oldest first. */
export interface PlanBranch {
  readonly name: string;
  readonly active: boolean;
  /** The repository's branch filter includes it. */
  readonly existsInRepository: boolean;
}

/** What the next branch of a pull request follows from. */
export interface NextTargetFacts {
  /** All branches of the project, oldest first, inactive ones too. */
  readonly branches: readonly PlanBranch[];
  /** The pull request's own target. */
  readonly target: string;
  /** The source's limit; null: to the end. */
  readonly limit: string | null;
}

/** The next branch, or why there is none. */
export type NextTarget =
  | { readonly kind: 'next'; readonly target: string }
  | {
      readonly kind: 'none';
      readonly reason:
        | 'at-limit'
        | 'limit-before-target'
        | 'last-branch'
        | 'later-branches-disabled'
        | 'unknown-branch';
    };

/**
 * Computes where a pull request is ported next (forward-port spec 5): the first active branch after
 * its target, up to the limit, among those that exist in its repository. A disabled branch is jumped
 * over; a limit is never passed, even if it was disabled later.
 */
export function nextTarget({ branches, target, limit }: NextTargetFacts): NextTarget {
  if (limit === target) return { kind: 'none', reason: 'at-limit' };
  const own = branches.findIndex((branch) => branch.name === target);
  const last =
    limit === null ? branches.length - 1 : branches.findIndex((branch) => branch.name === limit);
  if (own < 0 || last < 0) return { kind: 'none', reason: 'unknown-branch' };
  if (last < own) return { kind: 'none', reason: 'limit-before-target' };
  const later = branches.slice(own + 1, last + 1).filter((branch) => branch.existsInRepository);
  const next = later.find((branch) => branch.active);
  if (next !== undefined) return { kind: 'next', target: next.name };
  return { kind: 'none', reason: later.length > 0 ? 'later-branches-disabled' : 'last-branch' };
}

/**
 * Gives the last branch a chain will reach, for the texts: the limit, or the last active branch that
 * exists in the repository; null when nothing follows.
 */
export function lastTarget(facts: NextTargetFacts): string | null {
  let reached: string | null = null;
  let next = nextTarget(facts);
  while (next.kind === 'next') {
    reached = next.target;
    next = nextTarget({ ...facts, target: reached });
  }
  return reached;
}

/** One open or merged pull request of a batch with where it goes next. */
export interface PortedPullRequest {
  readonly name: string;
  readonly next: NextTarget;
}

/** What a port task finds when it runs. */
export interface PortFacts {
  /** The project holds its ports back. */
  readonly held: boolean;
  readonly hasToken: boolean;
  /** Names of repositories of the batch without a remote for port branches. */
  readonly withoutRemote: readonly string[];
  /** The batch's pull requests that are not closed. */
  readonly pulls: readonly PortedPullRequest[];
  /** Targets the batch has a child on, closed ones included. */
  readonly portedTo: readonly string[];
}

/** What a port task does. Every `nothing` is a success with a reason that is stored (R28). */
export type PortDecision<P> =
  | { readonly kind: 'held' }
  | { readonly kind: 'port'; readonly target: string; readonly pulls: readonly P[] }
  | {
      readonly kind: 'nothing';
      readonly reason: 'empty-batch' | 'no-token' | 'no-remote' | 'end-of-chain' | 'already-ported';
    }
  | {
      readonly kind: 'discrepancy';
      readonly targets: readonly { readonly pull: P; readonly target: string }[];
    };

/** Decides what a port task does, in the order of forward-port spec 4. */
export function portDecision<P extends PortedPullRequest>(
  facts: Omit<PortFacts, 'pulls'> & { readonly pulls: readonly P[] },
): PortDecision<P> {
  if (facts.held) return { kind: 'held' };
  if (facts.pulls.length === 0) return { kind: 'nothing', reason: 'empty-batch' };
  if (!facts.hasToken) return { kind: 'nothing', reason: 'no-token' };
  if (facts.withoutRemote.length > 0) return { kind: 'nothing', reason: 'no-remote' };
  const targets = facts.pulls.flatMap((pull) =>
    pull.next.kind === 'next' ? [{ pull, target: pull.next.target }] : [],
  );
  const [first] = targets;
  if (first === undefined) return { kind: 'nothing', reason: 'end-of-chain' };
  if (targets.some(({ target }) => target !== first.target))
    return { kind: 'discrepancy', targets };
  if (facts.portedTo.includes(first.target)) return { kind: 'nothing', reason: 'already-ported' };
  return { kind: 'port', target: first.target, pulls: targets.map(({ pull }) => pull) };
}

/** What is known of a batch of ports when something about it changed. */
export interface FollowUpFacts {
  /** Policy of the source's batch. */
  readonly policy: PortPolicy;
  readonly hasParentBatch: boolean;
  /** Its branch was disabled: go on whatever CI and detachment say. */
  readonly forced: boolean;
  /** Pull requests that are not closed. */
  readonly pulls: readonly {
    readonly attached: boolean;
    readonly status: StatusState;
    readonly next: NextTarget;
  }[];
  /** Targets the batch has a child on, closed ones included. */
  readonly portedTo: readonly string[];
  readonly taskQueued: boolean;
}

/** Whether the next port is to be queued. */
export type FollowUp =
  | { readonly kind: 'port'; readonly target: string }
  | { readonly kind: 'wait'; readonly reason: 'ci' | 'detached' | 'queued' }
  | {
      readonly kind: 'stop';
      readonly reason:
        'policy' | 'not-a-port' | 'empty-batch' | 'end-of-chain' | 'discrepancy' | 'already-ported';
    };

/**
 * Decides whether a batch of ports is carried on (forward-port spec 11). Approval is irrelevant:
 * green is enough, and even that is not asked for under `skipci`, `skipmerge` or when forced.
 */
export function followUp(facts: FollowUpFacts): FollowUp {
  if (facts.policy === 'no') return { kind: 'stop', reason: 'policy' };
  if (!facts.hasParentBatch) return { kind: 'stop', reason: 'not-a-port' };
  if (facts.pulls.length === 0) return { kind: 'stop', reason: 'empty-batch' };
  const wait = waitsFor(facts);
  if (wait !== null) return { kind: 'wait', reason: wait };
  const targets = new Set(
    facts.pulls.flatMap(({ next }) => (next.kind === 'next' ? [next.target] : [])),
  );
  const [target] = targets;
  if (target === undefined) return { kind: 'stop', reason: 'end-of-chain' };
  if (targets.size > 1) return { kind: 'stop', reason: 'discrepancy' };
  if (facts.portedTo.includes(target)) return { kind: 'stop', reason: 'already-ported' };
  return facts.taskQueued ? { kind: 'wait', reason: 'queued' } : { kind: 'port', target };
}

function waitsFor({ forced, policy, pulls }: FollowUpFacts): 'detached' | 'ci' | null {
  if (forced || policy === 'skipmerge') return null;
  if (pulls.some((pull) => !pull.attached)) return 'detached';
  return policy !== 'skipci' && pulls.some((pull) => pull.status !== 'success') ? 'ci' : null;
}

/**
 * Tells whether a batch that just landed starts a port (forward-port spec 3). A fully attached batch
 * of ports was carried on when it went green; one with a detached pull request resumes the chain.
 */
export function portsAfterMerge(facts: {
  readonly hasToken: boolean;
  readonly policy: PortPolicy;
  readonly hasChild: boolean;
  readonly pulls: readonly { readonly attached: boolean }[];
}): boolean {
  const resumes = facts.pulls.some((pull) => !pull.attached);
  return facts.hasToken && facts.policy !== 'no' && !facts.hasChild && resumes;
}
