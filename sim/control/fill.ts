import { z } from 'zod';
import { newIssue } from '../acts/issues.ts';
import { pointPullRef } from '../acts/pulls.ts';
import { Refused } from '../errors.ts';
import { moveRef } from '../git/refs.ts';
import type { Sim } from '../sim.ts';
import { branchHead, findRepository, nextId, userByLogin, type PullIssue } from '../state/state.ts';
import { read } from './bodies.ts';

const FillBody = z.object({
  repository: z.string(),
  base: z.string(),
  author: z.string(),
  count: z.number().int().positive().max(100_000),
});

/**
 * Opens many pull requests at once, each with a branch and a commit of its own, without telling anybody:
 * a large repository for tests of size.
 */
export async function fillPulls(sim: Sim, body: unknown): Promise<{ first: number; last: number }> {
  const wanted = read(FillBody, body);
  const [owner = '', name = ''] = wanted.repository.split('/');
  const repository = findRepository(sim.state, owner, name)?.repository;
  const author = userByLogin(sim.state, wanted.author);
  const base = repository && branchHead(repository, wanted.base);
  if (!repository || !author || base === undefined) throw new Refused(422, 'no such place');
  const store = sim.store(repository.networkId);
  const tip = await store.commit(base);
  const tree = await store.tree(tip?.tree ?? '');
  if (!tip || !tree) throw new Refused(422, 'the base has no files');
  const first = repository.nextNumber;
  for (let i = 0; i < wanted.count; i += 1) {
    const number = repository.nextNumber;
    const path = `filled-${number}.txt`;
    const sha = store.write('blob', Buffer.from(`${number}\n`));
    const entries = [...tree.entries, { mode: '100644', path, sha }];
    const { author: who } = tip;
    const head = store.writeCommit({
      tree: store.writeTree(entries),
      parents: [base],
      author: who,
      committer: who,
      message: `Add ${path}`,
    });
    const ref = `refs/heads/filled-${number}`;
    moveRef(sim, repository, { ref, from: null, to: head, forced: false, actor: author.login });
    const texts = { title: `Add ${path}`, body: null, authorId: author.id };
    const issue: PullIssue = Object.assign(newIssue(sim, repository, texts), {
      pull: {
        id: nextId(sim.state),
        headRepositoryId: repository.id,
        headOwnerId: repository.ownerId,
        headRef: `filled-${number}`,
        headSha: head,
        baseRef: wanted.base,
        baseSha: base,
        draft: false,
        merged: false,
        mergedAt: null,
        mergedById: null,
        mergeCommitSha: null,
        maintainerCanModify: false,
        requestedReviewers: [],
        requestedTeams: [],
        autoMerge: null,
        reviewIds: [],
        reviewCommentIds: [],
      },
    });
    repository.openPulls.add(number);
    pointPullRef(sim, repository, issue, author);
  }
  return { first, last: repository.nextNumber - 1 };
}
