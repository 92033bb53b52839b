import type { EntityManager } from 'typeorm';
import { type Sha, sha } from '../lib/ids.ts';
import { matchesWhole } from '../lib/pattern.ts';
import type { Branch } from '../models/branch.ts';
import type { Project } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import { type OwedPort, owedPorts } from '../models/queries/owed-ports.ts';
import { ForwardportJob } from '../models/queues.ts';
import { type LinkState, OWED_REASONS, settleOwed, type Settlement } from '../rules/owed-port.ts';
import { nextTarget } from '../rules/forwardport-plan.ts';
import { branchesOf, type Kin, kinOf, nextFacts } from './family.ts';
import { storeReason } from './intent.ts';
import type { Run } from '../world.ts';

/** A debt with its records. */
interface Debt {
  readonly kin: Kin;
  readonly before: PullRequest;
  readonly later: PullRequest | null;
  readonly target: Branch;
  readonly beforeIsActive: boolean;
}

/**
 * Finds the branches that merged pull requests still owe a port to, because they were added or enabled while chains ran, or
 * because a chain stands on a branch that was disabled; queues the port, or stores why there is none (R28, I-35).
 *
 * @returns how many jobs were queued.
 */
export async function queueOwedPorts(run: Run, project: Project): Promise<number> {
  const branches = await branchesOf(run.world.db.manager, project.id);
  const owed = await owedPorts(run.world.db.manager, project.id);
  const held = createContainment(run, project);
  const queued = new Set<number>();
  for (const one of owed) {
    const debt = await readDebt(run.world.db.manager, one, branches);
    if (!debt || queued.has(debt.kin.source.id)) continue; // one link of a chain at a time
    const settlement = reachable(debt, branches, await settle(debt, held));
    const jobs = await run.transaction((tx) =>
      writeSettlement(tx, { debt, settlement, now: run.now }),
    );
    if (jobs > 0) queued.add(debt.kin.source.id);
  }
  return queued.size;
}

/** Null where the repository does not have the branch. */
async function readDebt(
  tx: EntityManager,
  owed: OwedPort,
  branches: readonly Branch[],
): Promise<Debt | null> {
  const target = branches.find((branch) => branch.id === owed.targetId);
  const before = await tx.findOneByOrFail(PullRequest, { id: owed.beforeId });
  const kin = await kinOf(tx, before);
  if (!target || !matchesWhole(kin.repository.branchFilter, target.name)) return null;
  const later =
    owed.laterId === null ? null : await tx.findOneByOrFail(PullRequest, { id: owed.laterId });
  const own = branches.find((branch) => branch.id === before.targetId);
  return { kin, before, later, target, beforeIsActive: own?.active ?? false };
}

async function settle(debt: Debt, held: Containment): Promise<Settlement> {
  const { kin, before, later, target, beforeIsActive } = debt;
  const witness = later ?? before;
  const facts = {
    before: linkState(before),
    beforeIsActive,
    later: later && linkState(later),
    contained: false,
  };
  const merged = witness.mergedSha === null ? null : sha(witness.mergedSha);
  if (merged === null) return settleOwed(facts);
  const contained = await held(kin, { merged, on: witness.base, target: target.name });
  return contained === null ? { kind: 'wait' } : settleOwed({ ...facts, contained });
}

/** A port is made to the next branch; one that stands in between without a port keeps all behind it waiting for a person. */
function reachable(
  { kin, target }: Debt,
  branches: readonly Branch[],
  settlement: Settlement,
): Settlement {
  if (settlement.kind !== 'port') return settlement;
  const next = nextTarget(nextFacts(kin, branches));
  if (next.kind === 'next' && next.target === target.name) return settlement;
  return { kind: 'reason', reason: 'chain-stopped' };
}

function linkState(pull: PullRequest): LinkState {
  if (pull.mergedSha !== null) return 'merged';
  return pull.closed ? 'closed' : 'open';
}

async function writeSettlement(
  tx: EntityManager,
  { debt, settlement, now }: { debt: Debt; settlement: Settlement; now: Date },
): Promise<number> {
  const { kin, before, target } = debt;
  if (settlement.kind === 'reason') {
    const reason = OWED_REASONS[settlement.reason];
    await storeReason(tx, { kin, batchId: before.batchId, target }, reason);
    return 0;
  }
  if (settlement.kind === 'wait') return 0;
  const batchId = before.batchId;
  if (!(await tx.existsBy(ForwardportJob, { batchId }))) {
    await tx.insert(ForwardportJob, { batchId, kind: 'insert', queuedAt: now });
  }
  return 1;
}

/** Whether a branch has a commit that was merged on another one; null while GitHub does not have one of them. */
type Containment = (
  kin: Kin,
  question: { merged: Sha; on: string; target: string },
) => Promise<boolean | null>;

/** Asks git once for each pair of branches, however many pull requests were merged there. */
function createContainment(run: Run, project: Project): Containment {
  const absent = new Map<string, Promise<Set<string> | null>>();
  return async ({ repository }, { merged, on, target }) => {
    const key = `${repository.id} ${on} ${target}`;
    const known = absent.get(key) ?? commitsLacking(run, { project, repository, on, target });
    absent.set(key, known);
    const lacking = await known;
    return lacking && !lacking.has(merged);
  };
}

async function commitsLacking(
  run: Run,
  place: { project: Project; repository: Kin['repository']; on: string; target: string },
): Promise<Set<string> | null> {
  const { project, repository, on, target } = place;
  const clone = await run.world.clone(project.name, repository, 'forwardport');
  const outcome = await clone.fetch({ branches: [on, target] });
  if (outcome.kind === 'missing') return null; // listed before it was made: the next look will find it
  const heads = outcome.kind === 'fetched' ? outcome.heads : null;
  const [from, to] = [heads?.get(target), heads?.get(on)];
  if (!from || !to) throw new Error(`cannot fetch ${on} and ${target} of ${repository.name}`);
  return new Set((await clone.commits(from, to)).map((commit) => commit.sha));
}
