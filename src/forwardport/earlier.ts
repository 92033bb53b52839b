import type { EntityManager } from 'typeorm';
import type { Clone } from '../git/index.ts';
import type { PullRequestSummary } from '../github/facts.ts';
import { pullName } from '../ledger/facts.ts';
import { type Sha, sha } from '../lib/ids.ts';
import type { Batch } from '../models/batch.ts';
import type { Branch } from '../models/branch.ts';
import { Port } from '../models/port.ts';
import type { Project } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import { parsePortBranch } from '../rules/names.ts';
import { forwardPortOf } from '../rules/port-message.ts';
import { ownCommits } from './commits.ts';
import type { Intent } from './intent.ts';
import type { Made, MakeOrder } from './made.ts';
import { makePort } from './make.ts';
import type { Run } from '../world.ts';

/** Ports about to be made. */
export interface Beginning {
  readonly project: Project;
  readonly target: Branch;
  /** What they are made from. */
  readonly batch: Batch;
  /** An earlier try may have got through. */
  readonly again: boolean;
}

const LATE_MS = 60_000;

/**
 * Finds ports that the bot opened and the records do not know any more, as a database is that was put back from an older copy
 * (I-49), and writes down that they are made. What a person put on one stays there, and detaches it (I-36).
 *
 * @returns the intents as they are now, and the ids of the ports that were found.
 */
export async function adoptEarlier(
  run: Run,
  beginning: Beginning,
  intents: readonly Intent[],
): Promise<{ readonly intents: readonly Intent[]; readonly found: readonly number[] }> {
  const found: number[] = [];
  const now: Intent[] = [];
  for (const intent of intents) {
    const made = intent.port.state === 'planned' ? await readEarlier(run, beginning, intent) : null;
    if (!made) {
      now.push(intent);
      continue;
    }
    const { columns, name } = made;
    await run.transaction((tx) => tx.update(Port, intent.port.id, columns));
    run.world.log.info({ pullRequest: name }, 'a port of ours that was forgotten is taken back');
    found.push(intent.port.id);
    now.push({ ...intent, port: Object.assign(new Port(), intent.port, columns) });
  }
  return { intents: now, found };
}

/** The port as an earlier try would have written it down. */
async function readEarlier(run: Run, beginning: Beginning, intent: Intent) {
  const found = await findEarlier(run, beginning, intent);
  if (!found || found.head.sha === intent.port.head) return null;
  const made = await repeatPort(run, { beginning, intent, found });
  if (made.kind === 'impossible') return null;
  const { head, commitCount, conflict } = made;
  const { branch } = found.head;
  const columns = { head, commitCount, conflict, branch, state: 'pushed' as const };
  return { columns, name: `${intent.repository.name}#${found.number}` };
}

/**
 * Under the name it would have now it stands in the way of a first try. The name holds the number of the batch it was made
 * from, which is another one where that batch itself was learnt late.
 */
async function findEarlier(
  run: Run,
  { project, target, batch, again }: Beginning,
  intent: Intent,
): Promise<PullRequestSummary | null> {
  const isLate = intent.pull.openedAt.getTime() + LATE_MS < batch.createdAt.getTime();
  if (!again && !isLate) return null;
  const github = run.world.github(project.name, 'forwardport');
  const { id } = await run.world.identity(project.name, 'forwardport');
  const head = `${ownerOf(intent)}:${intent.port.branch}`;
  const since = { updatedSince: intent.pull.openedAt };
  const filter = { base: target.name, state: 'all', ...(isLate ? since : { head }) } as const;
  const found = await github.findPullRequests(intent.repository.name, filter);
  const ours = found.filter(
    (one) => String(one.author?.id) === id && isPortOf(one, { target: target.name, intent }),
  );
  for (const one of ours) if (!(await isTaken(run.world.db.manager, intent, one))) return one;
  return null;
}

function ownerOf({ repository }: Intent): string {
  return (repository.forwardportRemote ?? repository.name).split('/')[0] ?? '';
}

/** By the branch, whatever its number, and by what its description says it stems from. */
function isPortOf(
  { head, body }: PullRequestSummary,
  { target, intent }: { target: string; intent: Intent },
): boolean {
  const [there, here] = [head.branch, intent.port.branch].map((one) =>
    parsePortBranch(one, target),
  );
  const named = forwardPortOf(body);
  const stems = [intent.root, intent.source].map((one) => pullName(intent.repository, one));
  return (
    head.label === `${ownerOf(intent)}:${head.branch}` &&
    there?.sourceHeadBranch === here?.sourceHeadBranch &&
    stems.every((name) => named.includes(name))
  );
}

async function isTaken(
  tx: EntityManager,
  intent: Intent,
  found: PullRequestSummary,
): Promise<boolean> {
  const place = { repositoryId: intent.repository.id, number: found.number };
  const known = await tx.findOneBy(PullRequest, place);
  return known !== null && known.sourceId !== null;
}

/**
 * Makes the port again where it was made: if that gives the head it has, nobody else has touched it. Otherwise what the bot
 * had made stands for the head it pushed: it is not the one that is there.
 */
async function repeatPort(
  run: Run,
  { beginning, intent, found }: { beginning: Beginning; intent: Intent; found: PullRequestSummary },
): Promise<Made> {
  const { project, target } = beginning;
  const { root, repository } = intent;
  const clone = await run.world.clone(project.name, repository, 'forwardport');
  const bot = await run.world.identity(project.name, 'forwardport');
  const rootName = pullName(repository, root);
  const order: MakeOrder = { clone, root, rootName, target: target.name, bot, now: run.now };
  const fetched = await clone.fetch({
    branches: [target.name],
    shas: [found.head.sha, sha(root.head)],
  });
  const tip = fetched.kind === 'fetched' ? fetched.heads.get(target.name) : undefined;
  if (!tip) throw new Error(`cannot fetch ${found.head.branch}`);
  for (const begun of await beginningsOf(clone, { head: found.head.sha, tip, root })) {
    const made = await makePort({ ...order, ...begun });
    if (made.kind === 'made' && made.head === found.head.sha) return made;
  }
  return makePort(order);
}

/** Where a port may have been begun, and when: as many commits as its root has, or the one that shows a conflict. */
async function beginningsOf(
  clone: Clone,
  { head, tip, root }: { head: Sha; tip: Sha; root: PullRequest },
): Promise<Required<Pick<MakeOrder, 'onto' | 'now'>>[]> {
  const counts = new Set([(await ownCommits(clone, root)).length, 1]);
  const found: Required<Pick<MakeOrder, 'onto' | 'now'>>[] = [];
  for (const count of counts) {
    const line = await clone.firstParents(head, count + 1);
    const [last, onto] = [line[0], line[count]];
    if (!last || !onto || !(await clone.isAncestor(onto.sha, tip))) continue;
    const now = new Date(Number.parseInt(last.committer.date, 10) * 1_000);
    found.push({ onto: onto.sha, now });
  }
  return found;
}
