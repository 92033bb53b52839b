import { moveRef } from '../git/refs.ts';
import type { Sim } from '../sim.ts';
import type { PullIssue } from '../state/state.ts';
import type { Repository, User } from '../state/types.ts';

/** Keeps `refs/pull/N/head` where the head is. */
export function pointPullRef(sim: Sim, repository: Repository, issue: PullIssue, by: User): void {
  const ref = `refs/pull/${issue.number}/head`;
  const from = repository.refs.get(ref) ?? null;
  const to = issue.pull.headSha;
  if (from !== to)
    moveRef(sim, repository, { ref, from, to, forced: from !== null, actor: by.login });
}
