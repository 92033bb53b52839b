import { isSha, type Sha } from '../lib/ids.ts';
import { pullName } from '../ledger/facts.ts';
import { type ConflictFacts, Port } from '../models/port.ts';
import type { Project } from '../models/project.ts';
import type { Intent } from './intent.ts';
import type { Made } from './made.ts';
import { makePort } from './make.ts';
import type { Run } from '../world.ts';

/** A port whose commits exist here, recorded and ready to be pushed. */
export interface Prepared extends Intent {
  readonly head: Sha;
  readonly commitCount: number;
  readonly conflict: ConflictFacts | null;
}

/** All ports of a batch, or why one of them can never be made. */
export type AllPrepared =
  | { readonly kind: 'prepared'; readonly ports: readonly Prepared[] }
  | { readonly kind: 'impossible'; readonly reason: string };

/** Makes the commits, and writes their ids down before anybody else can see them (I-38). */
export async function preparePorts(
  run: Run,
  { project, target }: { readonly project: Project; readonly target: string },
  intents: readonly Intent[],
): Promise<AllPrepared> {
  const ports: Prepared[] = [];
  for (const intent of intents) {
    const made = await prepareOne(run, { project, target }, intent);
    if (made.kind === 'impossible') {
      const reason = `${pullName(intent.repository, intent.root)}: ${made.reason}`;
      return { kind: 'impossible', reason };
    }
    const { head, commitCount, conflict } = made;
    await run.transaction((tx) => tx.update(Port, intent.port.id, { head, commitCount, conflict }));
    ports.push({ ...intent, head, commitCount, conflict });
  }
  return { kind: 'prepared', ports };
}

/** Whether the recorded head is on the remote although nobody wrote that down: whoever pushed it died with its clone. */
async function isPushed(
  run: Run,
  project: Project,
  { repository, port }: Pick<Intent, 'repository' | 'port'>,
): Promise<boolean> {
  const name = repository.forwardportRemote ?? repository.name;
  const remote = await run.world.clone(project.name, { id: repository.id, name }, 'forwardport');
  return (await remote.remoteHeads([port.branch])).get(port.branch) === port.head;
}

/** A head once written down is kept, as it may be on the remote already. Only a lost clone makes a new one. */
async function prepareOne(
  run: Run,
  { project, target }: { project: Project; target: string },
  { root, repository, port }: Intent,
): Promise<Made> {
  const clone = await run.world.clone(project.name, repository, 'forwardport');
  const recorded = port.head !== null && isSha(port.head) ? port.head : null;
  const isMade = recorded !== null && (port.state === 'pushed' || (await clone.has(recorded)));
  if (recorded !== null && (isMade || (await isPushed(run, project, { repository, port })))) {
    return { kind: 'made', head: recorded, commitCount: port.commitCount, conflict: port.conflict };
  }
  const bot = await run.world.identity(project.name, 'forwardport');
  const rootName = pullName(repository, root);
  return makePort({ clone, root, rootName, target, bot, now: run.now });
}
