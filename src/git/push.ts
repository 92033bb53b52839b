import type { Sha } from '../lib/ids.ts';
import { branchRef, isBranchName } from './branch-name.ts';
import { readRemoteHeads, remoteCall, type Remote } from './remote.ts';
import type { Repository } from './repository.ts';

/** One branch to move. */
export interface PushUpdate {
  readonly branch: string;
  /** New head; null deletes the branch. */
  readonly sha: Sha | null;
  /**
   * Move only if the remote is still there; may then go back in history. Without `lease` and `force` the
   * push is a plain one: fast-forward or nothing, the only form for targets (reliability.md decision 4).
   */
  readonly lease?: Sha | 'absent' | undefined;
  /** Move whatever is there. For branches nobody else may use. */
  readonly force?: true | undefined;
}

/** Why a remote kept a branch where it was. `stale`: the lease did not fit; `remote`: its rules or hooks said no. */
export type PushRefusal = 'non-fast-forward' | 'stale' | 'remote' | 'invalid-name' | 'other';

/**
 * Result of a push. `rejected` names the first branch at fault, `moved` what moved all the same (nothing when
 * atomic). `unknown`: no answer of the remote was seen; it may have taken the push. Look before doing again.
 */
export type PushOutcome =
  | { readonly kind: 'pushed' }
  | {
      readonly kind: 'rejected';
      readonly branch: string;
      readonly reason: PushRefusal;
      readonly detail: string;
      readonly moved: readonly string[];
    }
  | { readonly kind: 'unknown'; readonly detail: string };

/** How to push. */
export interface PushOptions {
  /** All branches or none. */
  readonly atomic?: boolean | undefined;
}

/**
 * Moves branches of the remote. Pushing what is there already is `pushed`. Never throws for what the remote did.
 *
 * @throws GitError when the remote refused and then cannot be reached for a second look.
 */
export async function pushBranches(
  repository: Repository,
  remote: Remote,
  push: { updates: readonly PushUpdate[]; options?: PushOptions | undefined },
): Promise<PushOutcome> {
  const { updates, options = {} } = push;
  const bad = updates.find(({ branch }) => !isBranchName(branch));
  if (bad) return rejected({ branch: bad.branch, reason: 'invalid-name', detail: '', moved: [] });
  if (updates.length === 0) return { kind: 'pushed' };
  const args = pushArgs(remote, updates, options);
  const exit = await repository.git.attempt(remoteCall(repository, remote, { args }));
  if (exit.kind !== 'exit') return { kind: 'unknown', detail: `${exit.kind}: ${exit.stderr}` };
  if (exit.code === 0) return { kind: 'pushed' };
  const outcome = readRefusal(exit.stdout.toString(), exit.stderr);
  if (outcome.kind !== 'rejected' || outcome.reason !== 'remote') return outcome;
  return (await isThere(repository, remote, updates)) ? { kind: 'pushed' } : outcome;
}

/**
 * Looks whether a refused push was done all the same. curl sends a request again by itself when a kept connection broke
 * before the answer (F-051): the first one may have moved the branches, and then the second one is refused.
 */
async function isThere(
  repository: Repository,
  remote: Remote,
  updates: readonly PushUpdate[],
): Promise<boolean> {
  const branches = updates.map(({ branch }) => branch);
  const heads = await readRemoteHeads(repository, remote, branches);
  return updates.every(({ branch, sha }) => (heads.get(branch) ?? null) === sha);
}

function rejected(about: Omit<Extract<PushOutcome, { kind: 'rejected' }>, 'kind'>): PushOutcome {
  return { kind: 'rejected', ...about };
}

function pushArgs(remote: Remote, updates: readonly PushUpdate[], options: PushOptions): string[] {
  return [
    'push',
    '--porcelain',
    '--no-verify',
    '--no-signed',
    '--recurse-submodules=no',
    ...(options.atomic === true ? ['--atomic'] : []),
    ...updates.flatMap(leaseArgs),
    '--end-of-options',
    remote.url,
    ...updates.map(refspec),
  ];
}

function leaseArgs({ branch, lease }: PushUpdate): string[] {
  if (lease === undefined) return [];
  return [`--force-with-lease=${branchRef(branch)}:${lease === 'absent' ? '' : lease}`];
}

function refspec({ branch, sha, force }: PushUpdate): string {
  return `${force ? '+' : ''}${sha ?? ''}:${branchRef(branch)}`;
}

interface PushedRef {
  readonly flag: string;
  readonly branch: string;
  readonly summary: string;
}

/** Reads `flag TAB from:to TAB summary` lines (git-push(1), "Output", stable under --porcelain). */
function readRefusal(stdout: string, stderr: string): PushOutcome {
  const refs = stdout.split('\n').flatMap(readRef);
  const failed = refs.filter(({ flag }) => flag === '!');
  const known = failed.filter(({ summary }) => !summary.includes('(atomic push failed)'));
  const culprit = known[0] ?? failed[0];
  // "[remote failure]": the line broke before the remote told what it did.
  if (!culprit || failed.some(({ summary }) => summary.startsWith('[remote failure]'))) {
    return { kind: 'unknown', detail: stderr };
  }
  const moved = refs.filter(({ flag }) => flag !== '!').map(({ branch }) => branch);
  const reason = reasonOf(culprit.summary);
  const detail = [culprit.summary, stderr.trim()].join('\n').trim();
  return rejected({ branch: culprit.branch, reason, detail, moved });
}

function readRef(line: string): PushedRef[] {
  const found = /^([ +\-*!=])\t[^\t]*:refs\/heads\/([^\t]+)\t(.*)$/.exec(line);
  if (!found) return [];
  const [, flag = '', branch = '', summary = ''] = found;
  return [{ flag, branch, summary }];
}

const REASONS: readonly (readonly [RegExp, PushRefusal])[] = [
  [/^\[remote rejected\]/, 'remote'],
  [/\(stale info\)$/, 'stale'],
  // "fetch first": the remote's head is not even here, so it cannot be an ancestor.
  [/\((non-fast-forward|fetch first|needs force|already exists)\)$/, 'non-fast-forward'],
];

function reasonOf(summary: string): PushRefusal {
  return REASONS.find(([pattern]) => pattern.test(summary))?.[1] ?? 'other';
}
