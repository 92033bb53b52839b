import { Refused } from '../errors.ts';
import type { Commit } from '../git/commit.ts';
import { relate } from '../git/graph.ts';
import { mergeTrees, replay } from '../git/merge.ts';
import type { Sim } from '../sim.ts';
import { branchHead, fullName, type PullIssue } from '../state/state.ts';
import type { MergeMethod, Repository, User } from '../state/types.ts';
import { hasLanded } from './figures.ts';
import { objections, unmetRules } from './protection.ts';
import { markMerged } from './pull-state.ts';
import { closeReferenced, push } from './push.ts';

/** How a pull request is to be merged. */
export interface MergeWish {
  readonly issue: PullIssue;
  readonly by: User;
  readonly method: MergeMethod;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
  /** The head the caller has seen; another one is refused. */
  readonly sha?: string | undefined;
}

/**
 * Merges a pull request as the merge button does.
 *
 * @returns the commit the base branch got.
 * @throws Refused 405 (not mergeable, or a rule is not met), 409 (the head has moved).
 */
export async function mergePull(
  sim: Sim,
  repository: Repository,
  wish: MergeWish,
): Promise<string> {
  const { issue, by } = wish;
  const { pull } = issue;
  const base = branchHead(repository, pull.baseRef);
  if (issue.state === 'closed' || base === undefined || pull.draft)
    throw new Refused(
      405,
      pull.draft ? 'Pull Request is still a draft' : 'Pull Request is not mergeable',
    );
  if (wish.sha !== undefined && wish.sha !== pull.headSha)
    throw new Refused(409, `Head branch was modified. Review and try the merge again.`);
  const allowed = {
    merge: repository.allowMerge,
    squash: repository.allowSquash,
    rebase: repository.allowRebase,
  };
  if (!allowed[wish.method])
    throw new Refused(405, `${NAMES[wish.method]} are not allowed on this repository.`);
  const rules = [
    ...unmetRules(sim, repository, issue),
    ...objections(sim, repository, {
      branch: pull.baseRef,
      user: by,
      kind: 'update',
      forced: false,
      to: pull.headSha,
      merges: wish.method === 'merge',
      viaMerge: true,
    }).map((one) => one.text),
  ];
  if (rules.length > 0) throw new Refused(405, rules.join(' '));
  const sha = await mergedCommit(sim, repository, { wish, base });
  if (sha === null) throw new Refused(405, 'Pull Request is not mergeable');
  await land(sim, repository, { wish, base, sha });
  return sha;
}

const NAMES = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' } as const;

async function land(
  sim: Sim,
  repository: Repository,
  { wish, base, sha }: { wish: MergeWish; base: string; sha: string },
): Promise<void> {
  const { issue, by } = wish;
  const update = { ref: `refs/heads/${issue.pull.baseRef}`, from: base, to: sha, forced: false };
  await push(sim, repository, { updates: [update], by, quiet: new Set([issue.number]) });
  await markMerged(sim, repository, { issue, by, sha });
  if (issue.pull.baseRef === repository.defaultBranch)
    await closeReferenced(sim, repository, { text: issue.body ?? '', by });
  const source = sim.state.repositories.get(issue.pull.headRepositoryId ?? 0);
  if (!repository.deleteBranchOnMerge || source !== repository) return;
  const ref = `refs/heads/${issue.pull.headRef}`;
  const from = source.refs.get(ref);
  if (from === undefined) return;
  await push(sim, source, { updates: [{ ref, from, to: null, forced: false }], by });
}

async function mergedCommit(
  sim: Sim,
  repository: Repository,
  { wish, base }: { wish: MergeWish; base: string },
): Promise<string | null> {
  const { issue, by } = wish;
  const store = sim.store(repository.networkId);
  const committer = identityOf(by);
  const head = issue.pull.headSha;
  if (wish.method === 'rebase') {
    const { ahead } = await relate(store, base, head);
    const commits = await Promise.all(ahead.map((one) => store.commit(one)));
    const plain = commits.filter((one): one is Commit => one !== null);
    if (plain.some((one) => one.parents.length > 1)) return null;
    return replay(store, base, { commits: plain, committer });
  }
  const tree = await mergeTrees(store, base, head);
  if (tree === null) return null;
  const squash = wish.method === 'squash';
  return store.writeCommit({
    tree,
    parents: squash ? [base] : [base, head],
    author: squash ? await authorOf(sim, repository, issue) : committer,
    committer,
    message: squash ? squashMessage(wish) : mergeMessage(sim, repository, wish),
  });
}

function mergeMessage(sim: Sim, repository: Repository, wish: MergeWish): string {
  const { issue } = wish;
  const source = sim.state.repositories.get(issue.pull.headRepositoryId ?? 0);
  const owner = fullName(sim.state, source ?? repository).split('/')[0] ?? '';
  const usual = `Merge pull request #${issue.number} from ${owner}/${issue.pull.headRef}`;
  const body = wish.message ?? issue.title;
  return body === '' ? (wish.title ?? usual) : `${wish.title ?? usual}\n\n${body}`;
}

function squashMessage(wish: MergeWish): string {
  const title = wish.title ?? `${wish.issue.title} (#${wish.issue.number})`;
  const body = wish.message ?? wish.issue.body ?? '';
  return body === '' ? title : `${title}\n\n${body}`;
}

async function authorOf(
  sim: Sim,
  repository: Repository,
  issue: PullIssue,
): Promise<Commit['author']> {
  const commit = await sim.store(repository.networkId).commit(issue.pull.headSha);
  return commit ? { ...commit.author, ...now() } : identityOf(sim.state.users.get(issue.authorId));
}

function now(): { seconds: number; date: string } {
  const seconds = Math.floor(Date.now() / 1000);
  return { seconds, date: new Date(seconds * 1000).toISOString() };
}

/** How an account signs the commits it makes on the web. */
export function identityOf(user: User | undefined): Commit['author'] {
  const login = user?.login ?? 'ghost';
  const email = user?.email ?? `${user?.id ?? 0}+${login}@users.noreply.github.com`;
  return { name: user?.name ?? login, email, ...now() };
}

/**
 * Merges one branch into another (`POST …/merges`).
 *
 * @returns the new commit, or `none` when there was nothing to merge.
 * @throws Refused 409 on a conflict.
 */
export async function mergeBranch(
  sim: Sim,
  repository: Repository,
  wish: { base: string; head: string; message?: string | undefined; by: User; headName: string },
): Promise<string | null> {
  const onto = branchHead(repository, wish.base);
  if (onto === undefined) throw new Refused(404, 'Base does not exist');
  const store = sim.store(repository.networkId);
  if (await hasLanded(sim, repository, { head: wish.head, target: onto })) return null;
  const tree = await mergeTrees(store, onto, wish.head);
  if (tree === null) throw new Refused(409, 'Merge conflict');
  const who = identityOf(wish.by);
  const sha = store.writeCommit({
    tree,
    parents: [onto, wish.head],
    author: who,
    committer: who,
    message: wish.message ?? `Merge ${wish.headName} into ${wish.base}`,
  });
  const update = { ref: `refs/heads/${wish.base}`, from: onto, to: sha, forced: false };
  await push(sim, repository, { updates: [update], by: wish.by });
  return sha;
}
