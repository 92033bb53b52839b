import type { EntityManager } from 'typeorm';
import type { Clone } from '../git/index.ts';
import { sha } from '../lib/ids.ts';
import { Branch } from '../models/branch.ts';
import { LandingStep } from '../models/landing-step.ts';
import { Project } from '../models/project.ts';
import { Repository } from '../models/repository.ts';
import type { Staging } from '../models/staging.ts';
import { rehearsalBranch } from '../rules/names.ts';
import type { Run } from '../world.ts';
import { type Abandoned, finishLanding, giveUpLanding, stopHalfway } from './end-landing.ts';
import { planLanding } from './plan-landing.ts';
import { proveHead } from './prove.ts';

/** One target to move. */
interface Move {
  readonly step: LandingStep;
  readonly repository: Repository;
  readonly clone: Clone;
  readonly branch: Branch;
}

/** Where the remote stands compared with a step. */
type Position = 'at-start' | 'moved' | 'diverged';
/** `refused`: still at the start, and the remote has said no so often that it means it. */
type Progress = Position | 'refused';

/** After about half an hour; a remote that does not answer at all is waited for as long as it takes. */
const MOST_REFUSALS = 12;

const PAUSES_MS = [1_000, 3_000, 10_000, 30_000, 60_000, 300_000];

/**
 * Moves the targets of a green staging: journal first, then a rehearsal in every repository, then plain fast-forward
 * pushes, each read back (R17, P1). After the first target moved there is no way back: what fails is tried again, and a
 * target that truly diverged stops the landing half-way for people to repair. Killed anywhere and run again, it goes on.
 */
export async function land(run: Run, stagingId: number): Promise<void> {
  const staging = await run.transaction((tx) => planLanding(tx, { stagingId, now: run.now }));
  if (!staging) return;
  const moves = await openMoves(run, staging);
  const objection = await rehearse(run, moves);
  if (objection !== null)
    return run.transaction((tx) => giveUpLanding(tx, { staging, ...objection, now: run.now }));
  for (const move of moves) {
    if (move.step.state === 'moved') continue;
    if (!(await run.mayGoOn())) return;
    const position = await moveTarget(run, move);
    if (position === 'diverged' || position === 'refused')
      return stuck(run, { staging, move, position });
    if (position === 'at-start') return; // its retry is planned
  }
  const first = await run.transaction((tx) => finishLanding(tx, { stagingId, now: run.now }));
  if (first) run.world.log.info({ staging: stagingId, targets: moves.length }, 'staging landed');
}

async function openMoves(run: Run, staging: Staging): Promise<Move[]> {
  const tx = run.world.db.manager;
  const project = await tx.findOneByOrFail(Project, { id: staging.projectId });
  const branch = await tx.findOneByOrFail(Branch, { id: staging.branchId });
  const steps = await tx.findBy(LandingStep, { stagingId: staging.id });
  const moves: Move[] = [];
  for (const step of steps) {
    const repository = await tx.findOneByOrFail(Repository, { id: step.repositoryId });
    moves.push({
      step,
      repository,
      branch,
      clone: await run.world.clone(project.name, repository),
    });
  }
  return moves.sort((one, other) => one.repository.sequence - other.repository.sequence);
}

/** Why a landing cannot be, found before anything moved. */
type Objection = Pick<Abandoned, 'kind' | 'reason'>;

/**
 * Proves every head, and pushes it to `tmp.<branch>` first: what the remote refuses for its content is found before any
 * target moves.
 *
 * @returns why the landing cannot be, or null. Once something was attempted the answer is always null: only forward.
 */
async function rehearse(run: Run, moves: readonly Move[]): Promise<Objection | null> {
  if (moves.some((move) => move.step.state !== 'planned')) return null;
  for (const move of moves) {
    const { step, repository, clone, branch } = move;
    if ((await whereIs(move)) === 'diverged') return { kind: 'raced', reason: movedOn(move) };
    const doubt = await proveHead(run.world.db.manager, { step, clone });
    if (doubt !== null) return { kind: 'refused', reason: `${repository.name}: ${doubt}` };
    const push = await clone.push([
      { branch: rehearsalBranch(branch.name), sha: sha(step.to), force: true },
    ]);
    if (push.kind === 'unknown') throw new Error(`${repository.name}: rehearsal: ${push.detail}`);
    if (push.kind === 'rejected')
      return { kind: 'refused', reason: `${repository.name}: ${push.reason}: ${push.detail}` };
  }
  return null;
}

function movedOn({ repository }: Move): string {
  return `${repository.name}: the target has moved on`;
}

/** Pushes, and looks: what the remote shows decides, not what the push said. */
async function moveTarget(run: Run, move: Move): Promise<Progress> {
  const { step, clone, branch } = move;
  const before = await whereIs(move);
  let refused = false;
  if (before === 'at-start') {
    await bringTested(move);
    await mark(run, step, { state: 'attempted', attempts: step.attempts + 1, retryAt: null });
    const push = await clone.push([{ branch: branch.name, sha: sha(step.to) }], { atomic: true });
    if (push.kind !== 'pushed') await mark(run, step, { detail: push.detail.slice(0, 500) });
    refused = push.kind === 'rejected' && step.attempts + 1 >= MOST_REFUSALS;
  }
  const position = before === 'at-start' ? await whereIs(move) : before;
  if (position === 'moved')
    await mark(run, step, { state: 'moved', movedAt: run.now, retryAt: null });
  if (position === 'at-start' && refused) return 'refused';
  if (position === 'at-start') await mark(run, step, { retryAt: retryTime(run, step) });
  return position;
}

/** Who began the landing had it; who goes on with it may have another clone. */
async function bringTested({ step, clone, repository }: Move): Promise<void> {
  const fetched = await clone.fetch({ shas: [sha(step.to)] });
  if (fetched.kind !== 'fetched')
    throw new Error(`${repository.name}: ${step.to} was tested and is no longer at GitHub`);
}

function retryTime(run: Run, step: LandingStep): Date {
  const pauseMs = PAUSES_MS[Math.min(step.attempts, PAUSES_MS.length - 1)] ?? 0;
  return new Date(run.now.getTime() + pauseMs);
}

async function whereIs({ step, clone, branch }: Move): Promise<Position> {
  const heads = await clone.remoteHeads([branch.name]);
  const tip = heads.get(branch.name);
  if (tip === step.to) return 'moved';
  if (tip === step.from) return 'at-start';
  if (tip === undefined) return 'diverged';
  const fetched = await clone.fetch({ shas: [tip, sha(step.to)] });
  const contains = fetched.kind === 'fetched' && (await clone.isAncestor(sha(step.to), tip));
  return contains ? 'moved' : 'diverged'; // somebody went on from what we landed: it has landed
}

function mark(run: Run, step: LandingStep, columns: Partial<LandingStep>): Promise<void> {
  const key = { stagingId: step.stagingId, repositoryId: step.repositoryId };
  return run.transaction(async (tx: EntityManager) => {
    await tx.update(LandingStep, key, columns);
  });
}

/** A target is somewhere else, or stays where it is. If no other moved, nothing has happened; otherwise the landing is half done. */
async function stuck(
  run: Run,
  { staging, move, position }: { staging: Staging; move: Move; position: 'diverged' | 'refused' },
): Promise<void> {
  const raced = position === 'diverged';
  const reason = raced ? movedOn(move) : `${move.repository.name}: the push is refused`;
  const kind = raced ? 'raced' : 'refused';
  const partial = await run.transaction(async (tx) => {
    const moved = await tx.countBy(LandingStep, { stagingId: staging.id, state: 'moved' });
    if (moved === 0) await giveUpLanding(tx, { staging, kind, reason, now: run.now });
    else await stopHalfway(tx, { staging, step: move.step, reason, now: run.now });
    return moved > 0;
  });
  const facts = { staging: staging.id, reason };
  if (partial) run.world.log.error(facts, 'landing stopped half-way');
  else run.world.log.warn(facts, 'landing given up, nothing has moved');
}
