import type { Sha } from '../lib/ids.ts';
import { readRemoteHeads, remoteCall, type Remote } from './remote.ts';
import { runIn, type Repository } from './repository.ts';
import type { GitCall } from './call.ts';
import { whyNotFetched } from './fetch-failure.ts';
import { removeHalfPacks } from './leftovers.ts';

/** What to have here afterwards. */
export interface FetchPlan {
  /** Branches of the remote, at their present heads. */
  readonly branches?: readonly string[] | undefined;
  /** Exact commits, from whatever branch or pull request. */
  readonly shas?: readonly Sha[] | undefined;
}

/**
 * `missing`: the remote answers, but does not have these (branch names and ids). `refused`: it has them, and
 * what it sends is malformed or hostile (B-076 to B-079): trying again helps nobody.
 */
export type FetchOutcome =
  | { readonly kind: 'fetched'; readonly heads: ReadonlyMap<string, Sha> }
  | { readonly kind: 'missing'; readonly what: readonly string[] }
  | { readonly kind: 'refused'; readonly what: readonly string[]; readonly detail: string };

interface Unfetchable {
  readonly id: Sha;
  readonly reason: 'missing' | 'refused';
  readonly detail: string;
}

/**
 * Brings objects with all their history, and anchors them by `refs/bot/commit/<id>` so that no clean-up
 * takes them. Heads are asked for first and then fetched by id: what is told is what was fetched, however
 * the branches move meanwhile (reliability.md F-092), and no name of the remote becomes a local one.
 *
 * @throws GitError when the remote cannot be reached or the clone is broken.
 */
export async function fetchCommits(
  repository: Repository,
  remote: Remote,
  plan: FetchPlan,
): Promise<FetchOutcome> {
  const { branches = [], shas = [] } = plan;
  const heads = await readRemoteHeads(repository, remote, branches);
  const absent = branches.filter((name) => !heads.has(name));
  if (absent.length > 0) return { kind: 'missing', what: absent };
  return repository.lock.run(async () => {
    const wanted = await withoutAnchored(repository, [...new Set([...heads.values(), ...shas])]);
    return outcome(heads, await fetchExactly(repository, remote, wanted));
  });
}

function outcome(heads: ReadonlyMap<string, Sha>, failed: readonly Unfetchable[]): FetchOutcome {
  const [first] = failed;
  if (!first) return { kind: 'fetched', heads };
  const what = failed.filter(({ reason }) => reason === first.reason).map(({ id }) => id);
  if (first.reason === 'missing') return { kind: 'missing', what };
  return { kind: 'refused', what, detail: first.detail };
}

function anchor(id: Sha): string {
  return `refs/bot/commit/${id}`;
}

/** An object alone proves nothing: a fetch that was cut off leaves some without their history. Anchors do. */
async function withoutAnchored(repository: Repository, ids: readonly Sha[]): Promise<Sha[]> {
  if (ids.length === 0) return [];
  const input = ids.map((id) => `${anchor(id)}^{commit}\n`).join('');
  const { stdout } = await runIn(repository, { args: ['cat-file', '--batch-check'], input });
  const answers = stdout.toString().split('\n');
  return ids.filter((id, n) => answers[n]?.split(' ')[0] !== id);
}

/** @returns what did not come because of itself; a remote or clone that fails is an exception. */
async function fetchExactly(
  repository: Repository,
  remote: Remote,
  ids: readonly Sha[],
): Promise<Unfetchable[]> {
  if (ids.length === 0) return [];
  const call = fetchCall(repository, remote, ids);
  const exit = await repository.git.attempt(call);
  if (exit.kind === 'exit' && exit.code === 0) return [];
  await removeHalfPacks(repository.dir); // before more is fetched: it may have been the last room there was
  if (exit.kind !== 'exit') throw repository.git.failure(call, exit);
  const [only, ...others] = ids;
  if (only !== undefined && others.length === 0) {
    const reason = await whyNotFetched(repository, remote, only);
    if (!reason) throw repository.git.failure(call, exit);
    return [{ id: only, reason, detail: exit.stderr }];
  }
  // One bad id spoils the whole fetch, and git's exit code does not name it: each gets its own.
  const failed: Unfetchable[] = [];
  for (const id of ids) failed.push(...(await fetchExactly(repository, remote, [id])));
  return failed;
}

function fetchCall(repository: Repository, remote: Remote, ids: readonly Sha[]): GitCall {
  const flags = ['--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--refmap='];
  const args = ['fetch', '--quiet', ...flags, '--no-recurse-submodules', '--stdin'];
  const input = ids.map((id) => `+${id}:${anchor(id)}\n`).join('');
  return remoteCall(repository, remote, {
    args: [...args, '--end-of-options', remote.url],
    input,
  });
}
