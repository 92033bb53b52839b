import { identityOf, mergeBranch } from '../../acts/merge.ts';
import { objections } from '../../acts/protection.ts';
import { push } from '../../acts/push.ts';
import { isAncestor } from '../../git/graph.ts';
import { conflictingRef, isRefName } from '../../git/refs.ts';
import { isRecord } from '../../http/call.ts';
import { changeTree, type TreeChange } from '../../git/change-tree.ts';
import { branchHead, findRepository } from '../../state/state.ts';
import type { Repository } from '../../state/types.ts';
import { fields, graphError, mustHave, textArg, type Args, type Context } from '../context.ts';
import { commitNodeOf, refNode, type RefNode } from '../nodes.ts';
import { alone, mutation, need, needRepository, unprocessable } from './mutate.ts';

type Kind = 'create' | 'update' | 'delete';

async function move(
  context: Context,
  repository: Repository,
  what: { ref: string; to: string | null; force: boolean },
): Promise<void> {
  const { ref, to } = what;
  const store = context.sim.store(repository.networkId);
  const from = repository.refs.get(ref) ?? null;
  if (to !== null && (await store.object(to)) === null)
    throw unprocessable(`No object found for oid ${to}`);
  const forced = from !== null && to !== null && !(await isAncestor(store, from, to));
  if (forced && !what.force) throw unprocessable('Update is not a fast forward');
  const kind: Kind = from === null ? 'create' : to === null ? 'delete' : 'update';
  const branch = ref.replace(/^refs\/heads\//, '');
  const found = ref.startsWith('refs/heads/')
    ? objections(context.sim, repository, {
        branch,
        user: context.user,
        kind,
        forced,
        to,
        merges: false,
        viaMerge: false,
      })
    : [];
  if (found[0]) throw unprocessable(found[0].text);
  await push(context.sim, repository, { updates: [{ ref, from, to, forced }], by: context.user });
}

export const branchMutations = fields<unknown>({
  createRef: mutation(async (input, context) => {
    const { repository } = await needRepository(context, input['repositoryId']);
    mustHave(context, repository, 'write');
    const ref = textArg(input, 'name') ?? '';
    if (!isRefName(ref)) throw unprocessable(`${ref} is not a valid ref name.`);
    await alone(context, repository, async () => {
      if (repository.refs.has(ref) || conflictingRef(repository, ref) !== null)
        throw unprocessable(`A ref named "${ref}" already exists in the repository.`);
      await move(context, repository, { ref, to: textArg(input, 'oid') ?? '', force: false });
    });
    return { ref: refNode(repository, ref) };
  }),
  updateRef: mutation(async (input, context) => {
    const { repository, ref } = await need<RefNode>(context, input['refId'], ['Ref']);
    mustHave(context, repository, 'write');
    await alone(context, repository, () =>
      move(context, repository, {
        ref,
        to: textArg(input, 'oid') ?? '',
        force: input['force'] === true,
      }),
    );
    return { ref: refNode(repository, ref) };
  }),
  deleteRef: mutation(async (input, context) => {
    const { repository, ref } = await need<RefNode>(context, input['refId'], ['Ref']);
    mustHave(context, repository, 'write');
    await alone(context, repository, () =>
      move(context, repository, { ref, to: null, force: false }),
    );
    return {};
  }),
  mergeBranch: mutation(async (input, context) => {
    const { repository } = await needRepository(context, input['repositoryId']);
    mustHave(context, repository, 'write');
    const headName = textArg(input, 'head') ?? '';
    const head = branchHead(repository, headName) ?? headName;
    const sha = await alone(context, repository, () =>
      mergeBranch(context.sim, repository, {
        base: textArg(input, 'base') ?? '',
        head,
        headName,
        message: textArg(input, 'commitMessage'),
        by: context.user,
      }),
    );
    return { mergeCommit: await commitNodeOf(context, repository, sha) };
  }),
  createCommitOnBranch: mutation(createCommitOnBranch),
});

function branchOf(
  context: Context,
  value: unknown,
): Promise<{ repository: Repository; ref: string }> | { repository: Repository; ref: string } {
  const branch = isRecord(value) ? value : {};
  if (typeof branch['id'] === 'string') return need<RefNode>(context, branch['id'], ['Ref']);
  const [owner = '', name = ''] = String(branch['repositoryNameWithOwner']).split('/');
  const found = findRepository(context.state, owner, name);
  if (!found) throw graphError('NOT_FOUND', 'Could not resolve the branch.');
  return {
    repository: found.repository,
    ref: `refs/heads/${String(branch['branchName']).replace(/^refs\/heads\//, '')}`,
  };
}

async function createCommitOnBranch(input: Args, context: Context): Promise<unknown> {
  const { repository, ref } = await branchOf(context, input['branch']);
  mustHave(context, repository, 'write');
  const store = context.sim.store(repository.networkId);
  const sha = await alone(context, repository, async () => {
    const head = repository.refs.get(ref);
    if (head === undefined) throw graphError('NOT_FOUND', `The branch ${ref} does not exist.`);
    if (head !== input['expectedHeadOid'])
      throw graphError(
        'STALE_DATA',
        `Expected branch to point to "${String(input['expectedHeadOid'])}" but it did not. Pull and try again.`,
      );
    const base = (await store.commit(head))?.tree ?? null;
    const tree = await changeTree(context, repository, {
      base,
      changes: changesOf(context, repository, input['fileChanges']),
    });
    const message = isRecord(input['message']) ? input['message'] : {};
    const [headline, body] = [String(message['headline']), message['body']];
    const who = identityOf(context.user);
    const made = store.writeCommit({
      tree,
      parents: [head],
      author: who,
      committer: who,
      message: typeof body === 'string' && body !== '' ? `${headline}\n\n${body}` : headline,
    });
    await move(context, repository, { ref, to: made, force: false });
    return made;
  });
  return { commit: await commitNodeOf(context, repository, sha), ref: refNode(repository, ref) };
}

function changesOf(context: Context, repository: Repository, value: unknown): TreeChange[] {
  const given = isRecord(value) ? value : {};
  const list = (name: string): Record<string, unknown>[] =>
    Array.isArray(given[name]) ? given[name].filter(isRecord) : [];
  const store = context.sim.store(repository.networkId);
  return [
    ...list('deletions').map((one) => ({ path: String(one['path']), mode: '100644', sha: null })),
    ...list('additions').map((one) => ({
      path: String(one['path']),
      mode: '100644',
      sha: store.write('blob', Buffer.from(String(one['contents']), 'base64')),
    })),
  ];
}
