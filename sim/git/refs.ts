import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Sim } from '../sim.ts';
import { fullName } from '../state/state.ts';
import type { Repository } from '../state/types.ts';

/** One move of a ref; null is absent. */
export interface RefUpdate {
  readonly ref: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly forced: boolean;
}

/** GitHub takes no branch or tag whose name looks like a full ref or a commit's id. */
const MISLEADING = /^refs\/(heads|tags)\/(refs\/|[0-9a-f]{40}$)/;

/** Whether git (by the rules of git-check-ref-format) and GitHub would take the name. */
export function isRefName(ref: string): boolean {
  if (!/^refs\/[^/]+\/./.test(ref) || MISLEADING.test(ref)) return false;
  if (/[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\.lock(\/|$)|\/\.|\.$|\/$/.test(ref)) return false;
  return true;
}

/** A ref that keeps this one from being made: `a` and `a/b` cannot both be. */
export function conflictingRef(repository: Repository, ref: string): string | null {
  for (const one of repository.refs.keys())
    if (one.startsWith(`${ref}/`) || ref.startsWith(`${one}/`)) return one;
  return null;
}

/** Moves a ref in memory and on disk and notes it in the log of refs, unless nobody (null) did it. The caller holds the lock. */
export function moveRef(
  sim: Sim,
  repository: Repository,
  update: RefUpdate & { readonly actor: string | null },
): void {
  const { ref, from, to, forced, actor } = update;
  const file = join(sim.gitDir(repository), ref);
  if (to === null) {
    repository.refs.delete(ref);
    rmSync(file, { force: true });
    removeEmptyFolders(dirname(file), join(sim.gitDir(repository), 'refs'));
    if (existsSync(join(sim.gitDir(repository), 'packed-refs'))) packRefs(sim, repository);
  } else {
    repository.refs.set(ref, to);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.lock`, `${to}\n`);
    renameSync(`${file}.lock`, file);
  }
  if (actor === null) return;
  const at = new Date().toISOString();
  sim.refsLog.push({
    at,
    repository: fullName(sim.state, repository),
    ref,
    from,
    to,
    actor,
    forced,
  });
}

/** An empty folder `refs/heads/a` would stand in the way of a branch `a`. */
function removeEmptyFolders(folder: string, root: string): void {
  for (let at = folder; dirname(at) !== root && at.startsWith(root); at = dirname(at)) {
    try {
      rmdirSync(at);
    } catch {
      return;
    }
  }
}

/** Writes all refs into the one file git has for very many of them; loose ones still win. */
export function packRefs(sim: Sim, repository: Repository): void {
  const lines = [...repository.refs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([ref, sha]) => `${sha} ${ref}`);
  const text = ['# pack-refs with: sorted ', ...lines, ''].join('\n');
  writeFileSync(join(sim.gitDir(repository), 'packed-refs'), text);
}
