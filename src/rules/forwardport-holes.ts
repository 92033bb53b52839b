import type { PlanBranch } from './forwardport-plan.ts';

/** A merged source and what there is of its ports. */
export interface ChainFacts {
  /** Oldest first. */
  readonly branches: readonly PlanBranch[];
  readonly sourceTarget: string;
  readonly limit: string | null;
  /** Targets with a port or a stored reason why there is none. */
  readonly settled: readonly string[];
  /** Targets with a port, the source's own target left out. */
  readonly ported: readonly string[];
}

/** A branch without a port although a later one has it: one must be inserted. */
export interface Hole {
  readonly target: string;
  /** Target of the pull request to port from: the source's or that of the port before. */
  readonly from: string;
}

/**
 * Finds the branches a chain has jumped over, because they were inserted or enabled while it ran
 * (R28, forward-port spec 16). Where nothing later exists the chain is merely not there yet.
 */
export function findHoles(facts: ChainFacts): Hole[] {
  const names = facts.branches.map((branch) => branch.name);
  const last = Math.max(-1, ...facts.ported.map((target) => names.indexOf(target)));
  const limit = facts.limit === null ? names.length - 1 : names.indexOf(facts.limit);
  const start = names.indexOf(facts.sourceTarget);
  if (start < 0 || last < 0) return [];
  const between = facts.branches.slice(start + 1, Math.min(last, limit + 1));
  let from = facts.sourceTarget;
  return between.flatMap(({ name, active, existsInRepository }) => {
    const before = from;
    if (facts.ported.includes(name)) from = name;
    const missing =
      active && existsInRepository && !facts.settled.includes(name) && !facts.ported.includes(name);
    if (missing) from = name;
    return missing ? [{ target: name, from: before }] : [];
  });
}

/** A port that was made on an inserted branch, and the later one it may now precede. */
export interface InsertedPort {
  readonly conflicts: boolean;
  readonly laterIsAttached: boolean;
}

/** Tells whether the later port gets the inserted one as parent: never a conflict's child (R29). */
export function becomesParent({ conflicts, laterIsAttached }: InsertedPort): boolean {
  return !conflicts && laterIsAttached;
}
