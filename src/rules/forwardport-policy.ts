import type { PortPolicy } from './command-types.ts';

/** What `fw=…` is judged by. */
export interface PolicyFacts {
  readonly requested: PortPolicy;
  readonly current: PortPolicy;
  readonly merged: boolean;
  readonly isPort: boolean;
  /** The batch, or its tip, has something after it up to the limit. */
  readonly hasNext: boolean;
  readonly ported: boolean;
}

/** What a new policy sets going. */
export type PolicyOutcome =
  | { readonly kind: 'refused'; readonly reason: 'skipmerge-is-final' }
  | {
      readonly kind: 'set';
      readonly policy: PortPolicy;
      /** `port`: queue a port now; `follow-up`: look at the waiting tip again. */
      readonly starts: 'nothing' | 'port' | 'follow-up';
    };

/** Judges a change of port policy (forward-port spec 3 and 21). */
export function judgePolicy(facts: PolicyFacts): PolicyOutcome {
  const { requested, current } = facts;
  if (current === 'skipmerge' && requested !== 'skipmerge')
    return { kind: 'refused', reason: 'skipmerge-is-final' };
  return { kind: 'set', policy: requested, starts: startedBy(facts) };
}

function startedBy(facts: PolicyFacts): 'nothing' | 'port' | 'follow-up' {
  if (facts.requested === 'no' || !facts.hasNext) return 'nothing';
  if (facts.requested === 'skipmerge' && !facts.ported && !facts.isPort) return 'port';
  const resumes = facts.current === 'no' && facts.merged && !facts.ported;
  if (resumes) return 'port';
  const chainRuns = facts.isPort || facts.ported;
  return chainRuns && facts.requested !== facts.current ? 'follow-up' : 'nothing';
}
