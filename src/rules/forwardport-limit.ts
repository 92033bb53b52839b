import type { PortPolicy } from './command-types.ts';

/** What `up to <branch>` is judged by. */
export interface LimitFacts {
  readonly requested: string;
  /** Branches of the project, oldest first. */
  readonly branches: readonly { readonly name: string; readonly active: boolean }[];
  /** The pull request the command stands on. */
  readonly target: string;
  /** It is a port, merged, or ported before its merge: ports may exist already. */
  readonly running: boolean;
  readonly policy: PortPolicy;
  /** The family's pull request with the newest target; itself without ports. */
  readonly tip: {
    readonly name: string;
    readonly target: string;
    readonly closed: boolean;
    readonly merged: boolean;
    readonly task: 'none' | 'queued' | 'running';
  };
}

/** What the command does. */
export type LimitOutcome =
  | {
      readonly kind: 'refused';
      readonly reason: 'unknown-branch' | 'disabled-branch' | 'tip-closed' | 'port-running';
    }
  | {
      readonly kind: 'set';
      readonly limit: string;
      /** The limit is at or before the own target: nothing will be ported. */
      readonly stops: boolean;
      /** The policy was `no` and goes back to `default`. */
      readonly resetsPolicy: boolean;
    }
  | {
      readonly kind: 'changed';
      /** For the whole family; at least as far as ports exist. */
      readonly limit: string;
      /** The tip's target when the request was older than that, else null. */
      readonly insteadOf: string | null;
      readonly cancelsTask: boolean;
      /** How the chain goes on at the tip; `policy-no` keeps the limit but ports nothing. */
      readonly resume: 'none' | 'port' | 'follow-up' | 'policy-no';
    };

/** Judges a new limit (forward-port spec 22). */
export function judgeLimit(facts: LimitFacts): LimitOutcome {
  const index = (name: string): number =>
    facts.branches.findIndex((branch) => branch.name === name);
  const branch = facts.branches.find(({ name }) => name === facts.requested);
  if (branch === undefined) return { kind: 'refused', reason: 'unknown-branch' };
  if (!branch.active && branch.name !== facts.target)
    return { kind: 'refused', reason: 'disabled-branch' };
  if (facts.running) return changeRunning(facts, index(facts.requested) - index(facts.tip.target));
  const stops = index(facts.requested) <= index(facts.target);
  return {
    kind: 'set',
    limit: facts.requested,
    stops,
    resetsPolicy: facts.policy === 'no' && !stops,
  };
}

/** `beyond`: how many branches the request lies after the tip's target. */
function changeRunning({ requested, tip, policy }: LimitFacts, beyond: number): LimitOutcome {
  if (tip.closed) return { kind: 'refused', reason: 'tip-closed' };
  if (beyond > 0) {
    const how = tip.merged ? 'port' : 'follow-up';
    const resume = policy === 'no' ? 'policy-no' : how;
    return { kind: 'changed', limit: requested, insteadOf: null, cancelsTask: false, resume };
  }
  if (tip.task === 'running') return { kind: 'refused', reason: 'port-running' };
  return {
    kind: 'changed',
    limit: tip.target,
    insteadOf: beyond < 0 ? requested : null,
    cancelsTask: tip.task === 'queued',
    resume: 'none',
  };
}
