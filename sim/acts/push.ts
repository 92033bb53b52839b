import { relate } from '../git/graph.ts';
import type { Commit } from '../git/commit.ts';
import { moveRef, type RefUpdate } from '../git/refs.ts';
import { userByEmail } from '../json/commit.ts';
import { repositoryHtml, repositoryJson } from '../json/repository.ts';
import type { Json } from '../json/user.ts';
import type { Sim } from '../sim.ts';
import { branchHead, isPull, stamp, type PullIssue } from '../state/state.ts';
import type { Repository, User } from '../state/types.ts';
import { emit, isHeard } from '../webhooks/emit.ts';
import { closingReferences } from './closing.ts';
import { adoptFirstBranch } from './default-branch.ts';
import { hasLanded } from './figures.ts';
import { setIssueState, tell } from './issues.ts';
import { closePull, markMerged } from './pull-state.ts';
import { pointPullRef } from './pull-ref.ts';

const ZERO = '0'.repeat(40);

/** Moves refs and lets everything follow that GitHub lets follow a push. The caller holds the lock. */
export async function push(
  sim: Sim,
  repository: Repository,
  what: { updates: readonly RefUpdate[]; by: User; quiet?: ReadonlySet<number> },
): Promise<void> {
  adoptFirstBranch(sim, repository, what.updates);
  for (const update of what.updates) moveRef(sim, repository, { ...update, actor: what.by.login });
  repository.pushedAt = stamp();
  for (const update of what.updates) {
    await tellPush(sim, repository, { update, by: what.by });
    if (!update.ref.startsWith('refs/heads/')) continue;
    const branch = update.ref.slice('refs/heads/'.length);
    await followHead(sim, repository, { branch, by: what.by });
    await followBase(sim, repository, { branch, by: what.by, quiet: what.quiet ?? new Set() });
    if (update.to !== null) {
      if (branch === repository.defaultBranch) await closeNamed(sim, repository, update, what.by);
      sim.bus.emit('push', { repository, branch, sha: update.to });
    }
  }
}

async function tellPush(
  sim: Sim,
  repository: Repository,
  { update, by }: { update: RefUpdate; by: User },
): Promise<void> {
  const kind = update.ref.startsWith('refs/tags/') ? 'tag' : 'branch';
  const short = update.ref.replace(/^refs\/(heads|tags)\//, '');
  const base = { ref: short, ref_type: kind, pusher_type: 'user' };
  if (update.from === null) {
    const payload = {
      ...base,
      master_branch: repository.defaultBranch,
      description: repository.description,
    };
    emit(sim, { event: 'create', repository, sender: by, payload });
  }
  if (update.to === null) emit(sim, { event: 'delete', repository, sender: by, payload: base });
  if (!isHeard(sim, 'push', repository)) return;
  const payload = await pushPayload(sim, repository, { update, by });
  emit(sim, { event: 'push', repository, sender: by, payload });
}

async function pushPayload(
  sim: Sim,
  repository: Repository,
  { update, by }: { update: RefUpdate; by: User },
): Promise<Json> {
  const commits = await newCommits(sim, repository, update);
  const html = repositoryHtml({ sim, state: sim.state }, repository);
  const described = await Promise.all(commits.map((one) => commitOfPush(sim, repository, one)));
  const tip = update.to === null ? null : await sim.store(repository.networkId).commit(update.to);
  return {
    ref: update.ref,
    before: update.from ?? ZERO,
    after: update.to ?? ZERO,
    repository: repositoryOfPush(sim, repository),
    pusher: { name: by.login, email: by.email ?? `${by.login}@users.noreply.github.com` },
    created: update.from === null,
    deleted: update.to === null,
    forced: update.forced,
    base_ref: null,
    compare: `${html}/compare/${(update.from ?? ZERO).slice(0, 12)}...${(update.to ?? ZERO).slice(0, 12)}`,
    commits: described,
    head_commit: tip ? await commitOfPush(sim, repository, tip) : null,
  };
}

/** In push events GitHub writes two of the repository's times as seconds. */
function repositoryOfPush(sim: Sim, repository: Repository): Json {
  const json = repositoryJson({ sim, state: sim.state }, repository);
  return {
    ...json,
    created_at: Date.parse(repository.createdAt) / 1000,
    pushed_at: Date.parse(repository.pushedAt) / 1000,
    master_branch: repository.defaultBranch,
  };
}

/** The most commits a push event carries (GitHub: 2048); pages of history must not hold up a push. */
const MOST_COMMITS = 250;

async function newCommits(sim: Sim, repository: Repository, update: RefUpdate): Promise<Commit[]> {
  if (update.to === null || !update.ref.startsWith('refs/heads/')) return [];
  const known = update.from ?? branchHead(repository, repository.defaultBranch) ?? null;
  const store = sim.store(repository.networkId);
  if (known === null || known === update.to) return [];
  const { ahead } = await relate(store, known, update.to);
  const found = await Promise.all(ahead.slice(0, MOST_COMMITS).map((sha) => store.commit(sha)));
  return found.filter((one) => one !== null);
}

async function commitOfPush(sim: Sim, repository: Repository, commit: Commit): Promise<Json> {
  const view = { sim, state: sim.state };
  const store = sim.store(repository.networkId);
  const files = await store.changes(commit.parents[0] ?? null, commit.sha);
  const person = (who: Commit['author']): Json => {
    const user = userByEmail(view, who.email);
    const base = { name: who.name, email: who.email, date: who.date };
    return user ? { ...base, username: user.login } : base;
  };
  const of = (status: string): string[] =>
    files.filter((one) => one.status === status).map((one) => one.path);
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${repositoryHtml(view, repository)}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: of('added'),
    removed: of('removed'),
    modified: [...of('modified'), ...of('changed'), ...of('renamed')],
  };
}

/** Open pull requests from the pushed branch take its new head, or close when it is gone. */
async function followHead(
  sim: Sim,
  repository: Repository,
  { branch, by }: { branch: string; by: User },
): Promise<void> {
  const sha = branchHead(repository, branch);
  for (const { home, issue } of pullsFrom(sim, repository, branch)) {
    if (sha === undefined) await closePull(sim, home, { issue, by });
    else if (issue.pull.headSha !== sha) await takeHead(sim, home, { issue, sha, by });
  }
}

function pullsFrom(
  sim: Sim,
  repository: Repository,
  branch: string,
): { home: Repository; issue: PullIssue }[] {
  const found: { home: Repository; issue: PullIssue }[] = [];
  for (const home of sim.state.repositories.values()) {
    if (home.networkId !== repository.networkId) continue;
    for (const number of home.openPulls) {
      const issue = home.issues.get(number);
      if (!isPull(issue)) continue;
      if (issue.pull.headRepositoryId === repository.id && issue.pull.headRef === branch)
        found.push({ home, issue });
    }
  }
  return found;
}

async function takeHead(
  sim: Sim,
  home: Repository,
  { issue, sha, by }: { issue: PullIssue; sha: string; by: User },
): Promise<void> {
  const before = issue.pull.headSha;
  issue.pull.headSha = sha;
  issue.pull.baseSha = branchHead(home, issue.pull.baseRef) ?? issue.pull.baseSha;
  issue.updatedAt = stamp();
  pointPullRef(sim, home, issue, by);
  dismissStale(sim, home, issue);
  await tell(sim, home, { issue, action: 'synchronize', by, more: { before, after: sha } });
  const base = branchHead(home, issue.pull.baseRef);
  if (base !== undefined && (await hasLanded(sim, home, { head: sha, target: base })))
    await closePull(sim, home, { issue, by });
  else sim.bus.emit('pull', { repository: home, issue });
}

/** Approvals go when the branch's protection says that a push makes them stale. */
function dismissStale(sim: Sim, home: Repository, issue: PullIssue): void {
  if (!home.protections.get(issue.pull.baseRef)?.requiredReviews?.dismissStale) return;
  for (const id of issue.pull.reviewIds) {
    const review = sim.state.reviews.get(id);
    if (review?.state === 'APPROVED') review.state = 'DISMISSED';
  }
}

/** Open pull requests onto the pushed branch are merged when their head is in it, closed when it is gone. */
async function followBase(
  sim: Sim,
  repository: Repository,
  what: { branch: string; by: User; quiet: ReadonlySet<number> },
): Promise<void> {
  const sha = branchHead(repository, what.branch);
  for (const number of [...repository.openPulls]) {
    const issue = repository.issues.get(number);
    if (!isPull(issue) || issue.pull.baseRef !== what.branch || what.quiet.has(number)) continue;
    if (sha === undefined) await closePull(sim, repository, { issue, by: what.by });
    else if (await hasLanded(sim, repository, { head: issue.pull.headSha, target: sha }))
      await markMerged(sim, repository, { issue, by: what.by, sha });
  }
}

/** Issues named with a closing word in commits that reached the default branch are closed. */
async function closeNamed(
  sim: Sim,
  repository: Repository,
  update: RefUpdate,
  by: User,
): Promise<void> {
  if (update.from === null) return;
  for (const commit of await newCommits(sim, repository, update))
    await closeReferenced(sim, repository, { text: commit.message, by });
}

/** Closes the open issues a text names with a closing word. */
export async function closeReferenced(
  sim: Sim,
  repository: Repository,
  { text, by }: { text: string; by: User },
): Promise<void> {
  for (const { home, number } of closingReferences(sim, repository, text)) {
    const issue = home.issues.get(number);
    if (issue && !isPull(issue)) await setIssueState(sim, home, { issue, state: 'closed', by });
  }
}
