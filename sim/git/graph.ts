import type { Commit } from './commit.ts';
import type { Store } from './store.ts';

/** How two commits stand to each other. */
export interface Relation {
  /** Null for unrelated histories. */
  readonly mergeBase: string | null;
  /** Commits of head that base has not, parents before children. */
  readonly ahead: readonly string[];
  /** Commits of base that head has not. */
  readonly behind: readonly string[];
}

const BASE = 1;
const HEAD = 2;
const STALE = 4;
const RESULT = 8;

/**
 * Walks both histories by date until they are joined, as `git merge-base` does. Stale marks are carried
 * on through commits already seen, so that equal dates (common in tests) cannot give a wrong answer.
 */
export async function relate(store: Store, base: string, head: string): Promise<Relation> {
  const flags = new Map<string, number>();
  const queue = new Queue();
  await paint(store, { flags, queue }, [base], BASE);
  await paint(store, { flags, queue }, [head], HEAD);
  const results: string[] = [];
  for (let commit = queue.pop(); commit; commit = queue.pop()) {
    let flag = (flags.get(commit.sha) ?? 0) & (BASE | HEAD | STALE);
    const joined = queue.allHave(flags, STALE) && (flag & STALE) !== 0;
    if ((flag & (BASE | HEAD)) === (BASE | HEAD)) {
      if (((flags.get(commit.sha) ?? 0) & (RESULT | STALE)) === 0) {
        flags.set(commit.sha, (flags.get(commit.sha) ?? 0) | RESULT);
        results.push(commit.sha);
      }
      flag |= STALE;
    }
    const parents = joined ? commit.parents.filter((one) => flags.has(one)) : commit.parents;
    await paint(store, { flags, queue }, parents, flag);
  }
  const only = (mark: number): Set<string> =>
    new Set([...flags].filter(([, one]) => (one & (BASE | HEAD)) === mark).map(([sha]) => sha));
  return {
    mergeBase: results.find((sha) => ((flags.get(sha) ?? 0) & STALE) === 0) ?? null,
    ahead: await inOrder(store, head, only(HEAD)),
    behind: await inOrder(store, base, only(BASE)),
  };
}

/** Whether one commit is in the history of another (a commit is in its own). */
export async function isAncestor(store: Store, old: string, young: string): Promise<boolean> {
  if (old === young) return true;
  const [a, b] = [await store.commit(old), await store.commit(young)];
  if (!a || !b) return false;
  return (await relate(store, young, old)).ahead.length === 0;
}

/** The history of a commit, newest first, `limit` commits after the first `skip`. */
export async function history(
  store: Store,
  head: string,
  page: { skip: number; limit: number },
): Promise<Commit[]> {
  const flags = new Map<string, number>();
  const queue = new Queue();
  await paint(store, { flags, queue }, [head], HEAD);
  const found: Commit[] = [];
  for (let commit = queue.pop(); commit; commit = queue.pop()) {
    found.push(commit);
    if (found.length >= page.skip + page.limit) break;
    await paint(store, { flags, queue }, commit.parents, HEAD);
  }
  return found.slice(page.skip);
}

interface Walk {
  readonly flags: Map<string, number>;
  readonly queue: Queue;
}

async function paint(store: Store, walk: Walk, shas: readonly string[], flag: number) {
  for (const sha of shas) {
    const old = walk.flags.get(sha) ?? 0;
    if ((old & flag) === flag) continue;
    const commit = await store.commit(sha);
    if (!commit) continue;
    walk.flags.set(sha, old | flag);
    walk.queue.push(commit);
  }
}

async function inOrder(store: Store, tip: string, wanted: Set<string>): Promise<string[]> {
  const done = new Set<string>();
  const order: string[] = [];
  const stack: { sha: string; next: number }[] = wanted.has(tip) ? [{ sha: tip, next: 0 }] : [];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    if (!top) break;
    const parent = (await store.commit(top.sha))?.parents[top.next];
    top.next += 1;
    if (parent === undefined) {
      stack.pop();
      if (!done.has(top.sha)) order.push(top.sha);
      done.add(top.sha);
    } else if (wanted.has(parent) && !done.has(parent)) stack.push({ sha: parent, next: 0 });
  }
  return order;
}

/** Commits by date, newest first; equal dates in the order they came. */
class Queue {
  readonly #commits: Commit[] = [];

  push(commit: Commit): void {
    let at = this.#commits.length;
    const date = commit.committer.seconds;
    while (at > 0 && (this.#commits[at - 1]?.committer.seconds ?? 0) <= date) at -= 1;
    while (this.#commits[at]?.committer.seconds === date) at += 1;
    this.#commits.splice(at, 0, commit);
  }

  pop(): Commit | undefined {
    return this.#commits.shift();
  }

  allHave(flags: Map<string, number>, flag: number): boolean {
    return this.#commits.every((one) => ((flags.get(one.sha) ?? 0) & flag) !== 0);
  }
}
