import { matchesWhole } from '../../../src/lib/pattern.ts';
import type { LandingStep } from '../../../src/models/landing-step.ts';
import type { Staging, StagingPull } from '../../../src/models/staging.ts';
import { type Facts, nameOf, repositoryName, targetOf, tipOf } from './facts.ts';
import type { RefMove } from './github.ts';

/** Moves of targets by the bot, in repositories it looks after. */
function movesOfTargets({ rows, github, bot }: Facts): RefMove[] {
  const targets = new Set(rows.branches.map((one) => `refs/heads/${one.name}`));
  const ours = new Set(rows.repositories.map((one) => one.name));
  return github.moves.filter(
    (move) => move.actor === bot && targets.has(move.ref) && ours.has(move.repository),
  );
}

/** A landing that has moved a target, with all that went in there. */
interface Landed {
  readonly step: LandingStep;
  readonly staging: Staging;
  readonly repository: string;
  readonly target: string;
  readonly staged: readonly StagingPull[];
}

function landings({ rows }: Facts): Landed[] {
  return rows.steps
    .filter((step) => step.state === 'moved')
    .flatMap((step) => {
      const staging = rows.stagings.find((one) => one.id === step.stagingId);
      if (!staging) return [];
      const here = rows.pulls.filter((one) => one.repositoryId === step.repositoryId);
      const ids = new Set(here.map((one) => one.id));
      const staged = rows.staged.filter(
        (one) => one.stagingId === step.stagingId && ids.has(one.pullRequestId),
      );
      const repository = repositoryName(rows, step.repositoryId);
      return [{ step, staging, repository, target: targetOf(rows, staging), staged }];
    });
}

/** I-01: a target moves only as a step of a landing says, and only for a staging that was green. */
export function strayMoves(facts: Facts): string[] {
  const { steps, stagings } = facts.rows;
  const isPlanned = ({ repository, ref, from, to }: RefMove) =>
    steps.some((step) => {
      const staging = stagings.find((one) => one.id === step.stagingId);
      if (!staging || !['success', 'partial'].includes(staging.state)) return false;
      const place = `refs/heads/${targetOf(facts.rows, staging)}`;
      const same = repositoryName(facts.rows, step.repositoryId) === repository && place === ref;
      return same && step.from === from && step.to === to;
    });
  return movesOfTargets(facts)
    .filter((move) => !isPlanned(move))
    .map((move) => `${move.repository} ${move.ref} went to ${String(move.to)} by no green staging`);
}

/** I-02: only forward. */
export async function backwardMoves(facts: Facts): Promise<string[]> {
  const bad: string[] = [];
  for (const { repository, ref, from, to, forced } of movesOfTargets(facts)) {
    if (from === null || to === null || forced)
      bad.push(`${repository} ${ref} was forced or removed`);
    else if ((await facts.objects.between(from, to)).lost.length > 0)
      bad.push(`${repository} ${ref} lost commits from ${from} to ${to}`);
  }
  return bad;
}

/** I-03: what lands are commits of its pull requests, or what the bot made of them. */
export async function strangeCommits(facts: Facts): Promise<string[]> {
  const bad: string[] = [];
  for (const { step, repository, staged, staging } of landings(facts)) {
    if (staging.repair === 'revert') continue; // judged by what it touches
    const known = new Set(
      staged.flatMap((one) => [one.mergedSha, ...Object.values(one.commitsMap)]),
    );
    const { gained } = await facts.objects.between(step.from, step.to);
    const unknown = gained.filter((commit) => !known.has(commit));
    if (unknown.length === 0) continue;
    for (const one of staged)
      for (const own of (await facts.objects.between(step.from, one.head)).gained) known.add(own);
    for (const commit of unknown.filter((one) => !known.has(one)))
      bad.push(`${repository}: ${commit} landed and belongs to no pull request`);
  }
  return bad;
}

/** I-04: each required context had said success of exactly this commit in this repository. */
export function ungreenLandings({ rows }: Facts): string[] {
  return landings({ rows } as Facts).flatMap(({ step, repository, target }) =>
    rows.required
      .filter((one) => one.repositoryId === step.repositoryId && one.stagings)
      .filter((one) => matchesWhole(one.branchFilter, target))
      .filter(
        ({ context }) =>
          !rows.statuses.some(
            (one) => one.sha === step.to && one.context === context && one.state === 'success',
          ),
      )
      .map(({ context }) => `${repository}: ${step.to} landed and ${context} is not green there`),
  );
}

/** I-05: a landing changes no path that its pull requests do not change. */
export async function strangePaths({ rows, objects }: Facts): Promise<string[]> {
  const bad: string[] = [];
  for (const { step, repository, staged, staging } of landings({ rows } as Facts)) {
    const undone = rows.steps.filter((one) => isUndoneBy(staging, one, step));
    const allowed = await Promise.all([
      ...staged.map((one) => objects.touched(step.from, one.head)),
      ...undone.map(async (one) => new Set(await objects.changed(one.from, one.to))),
    ]);
    const changed = await objects.changed(step.from, step.to);
    for (const path of changed.filter((one) => !allowed.some((some) => some.has(one))))
      bad.push(`${repository}: ${path} changed by a landing, and by none of its pull requests`);
  }
  return bad;
}

/** Whether a step may be what a revert takes back: it moved the same repository, in the landing that is repaired. */
function isUndoneBy(staging: Staging, one: LandingStep, step: LandingStep): boolean {
  return (
    staging.repair === 'revert' &&
    one.stagingId === staging.repairsId &&
    one.repositoryId === step.repositoryId
  );
}

/** I-06: merging the same heads in the same order by other means gives the same trees. */
export async function otherTrees({ rows, objects }: Facts): Promise<string[]> {
  const bad: string[] = [];
  for (const { step, repository, staged } of landings({ rows } as Facts)) {
    let onto = step.from;
    for (const { head, mergedSha } of staged) {
      const tree = await objects.merged(onto, head);
      if (tree !== null && tree !== (await objects.tree(mergedSha)))
        bad.push(`${repository}: merging ${head} onto ${onto} does not give ${mergedSha}`);
      onto = mergedSha;
    }
  }
  return bad;
}

/** I-07: all targets of a landing have moved, or none, or it is known as half done and the project stands. */
export function halfLandings({ rows }: Facts): string[] {
  return rows.stagings.flatMap((staging) => {
    const steps = rows.steps.filter((one) => one.stagingId === staging.id);
    const moved = steps.filter((one) => one.state === 'moved').length;
    const frozen = rows.projects.find((one) => one.id === staging.projectId)?.frozen ?? false;
    if (staging.state === 'partial')
      return staging.endedAt === null && !frozen
        ? [`staging ${staging.id} is half done, nothing stands`]
        : [];
    const whole = moved === 0 || moved === steps.length;
    return whole || staging.active
      ? []
      : [`staging ${staging.id} moved ${moved} of ${steps.length}`];
  });
}

/** I-08: one running staging a branch. */
export function doubleStagings({ rows }: Facts): string[] {
  const running = rows.stagings.filter((one) => one.active);
  return rows.branches
    .map((branch) => running.filter((one) => one.branchId === branch.id))
    .filter((some) => some.length > 1)
    .map((some) => `stagings ${some.map((one) => one.id).join(' and ')} run on one branch`);
}

/** I-09: what was cancelled or failed never lands later. */
export function risenStagings(facts: Facts): string[] {
  const { rows } = facts;
  const over = rows.stagings.filter((one) =>
    ['cancelled', 'failure', 'ff_failed'].includes(one.state),
  );
  return over
    .filter((staging) =>
      rows.steps.some((step) => step.stagingId === staging.id && step.state === 'moved'),
    )
    .map((staging) => `staging ${staging.id} is ${staging.state} and has moved a target`);
}

/** I-10: a staging is built on what the target was, and on no leftovers. */
export function strangeBases({ rows, github }: Facts): string[] {
  const stood = new Set(
    github.moves.map((one) => `${one.repository} ${one.ref} ${String(one.to)}`),
  );
  return rows.heads.flatMap((head) => {
    const staging = rows.stagings.find((one) => one.id === head.stagingId);
    if (!staging) return [];
    const repository = repositoryName(rows, head.repositoryId);
    const place = `${repository} refs/heads/${targetOf(rows, staging)} ${head.base}`;
    return stood.has(place) ? [] : [`staging ${staging.id} was built on ${place}, which never was`];
  });
}

/** I-11: what is recorded as merged is in its target, and what was landed is recorded as merged. */
export async function falseMerges(facts: Facts): Promise<string[]> {
  const { rows, github, objects } = facts;
  const bad: string[] = [];
  for (const pull of rows.pulls) {
    if (pull.mergedSha === null) continue;
    const repository = repositoryName(rows, pull.repositoryId);
    const isPlace = (one: RefMove) =>
      one.repository === repository && one.ref === `refs/heads/${pull.base}`;
    if (github.moves.some((one) => isPlace(one) && (one.forced || one.to === null))) continue;
    const tip = tipOf(facts, repository, pull.base);
    if (tip === null || !(await objects.history(tip)).has(pull.mergedSha))
      bad.push(`${nameOf(facts, pull)} is recorded as merged, and ${pull.base} does not have it`);
  }
  for (const { staging, staged } of landings(facts)) {
    if (staging.active || staging.state !== 'success') continue;
    for (const { pullRequestId } of staged) {
      const pull = rows.pulls.find((one) => one.id === pullRequestId);
      if (pull?.mergedSha === null) bad.push(`${nameOf(facts, pull)} landed and is not recorded`);
    }
  }
  return bad;
}
