import { mergeTrees } from '../git/merge.ts';
import { moveRef } from '../git/refs.ts';
import type { Store } from '../git/store.ts';
import type { Sim } from '../sim.ts';
import { branchHead, isPull, type PullIssue } from '../state/state.ts';
import type { Repository } from '../state/types.ts';

/** Null while GitHub still thinks about it. */
const verdicts = new WeakMap<Store, Map<string, boolean | null>>();

/**
 * Whether a pull request merges, as the API tells it: the first question about a pair of commits is
 * answered with null and starts the work, as GitHub documents for `mergeable`.
 */
export function lookAtMerge(sim: Sim, repository: Repository, issue: PullIssue): boolean | null {
  const base = branchHead(repository, issue.pull.baseRef) ?? issue.pull.baseSha;
  const store = sim.store(repository.networkId);
  const known = verdicts.get(store) ?? new Map<string, boolean | null>();
  verdicts.set(store, known);
  const key = `${repository.id} ${issue.number} ${base} ${issue.pull.headSha}`;
  const verdict = known.get(key);
  if (verdict !== undefined) return verdict;
  known.set(key, null);
  tryMerge(sim, { repositoryId: repository.id, number: issue.number }).then(
    (merges) => known.set(key, merges),
    () => known.delete(key),
  );
  return null;
}

/** Tries the merge of an open pull request and puts `refs/pull/N/merge` where it leads; gone on a conflict. */
export async function tryMerge(
  sim: Sim,
  what: { repositoryId: number; number: number },
): Promise<boolean> {
  const repository = sim.state.repositories.get(what.repositoryId);
  const issue = repository?.issues.get(what.number);
  if (!repository || !isPull(issue) || issue.state === 'closed') return false;
  const { generation } = sim;
  const head = issue.pull.headSha;
  const base = branchHead(repository, issue.pull.baseRef) ?? issue.pull.baseSha;
  const store = sim.store(repository.networkId);
  const tree = await mergeTrees(store, base, head);
  const to = tree === null ? null : await mergeCommit(store, { base, head, tree });
  await sim.locked(repository.networkId, () => {
    const ref = `refs/pull/${issue.number}/merge`;
    const from = repository.refs.get(ref) ?? null;
    const now = branchHead(repository, issue.pull.baseRef) ?? issue.pull.baseSha;
    const stale = now !== base || issue.pull.headSha !== head || sim.generation !== generation;
    if (from !== to && !stale)
      moveRef(sim, repository, { ref, from, to, forced: from !== null, actor: null });
  });
  return tree !== null;
}

/** Written with the head's author and time, so that the same two commits give the same merge. */
async function mergeCommit(
  store: Store,
  what: { base: string; head: string; tree: string },
): Promise<string | null> {
  const { base, head, tree } = what;
  const who = (await store.commit(head))?.author;
  if (!who) return null;
  const message = `Merge ${head} into ${base}`;
  return store.writeCommit({ tree, parents: [base, head], author: who, committer: who, message });
}
