import { isSha, type Sha } from '../lib/ids.ts';
import type { MergePlace } from './attributes.ts';
import type { GitCall } from './call.ts';
import { runIn, type Repository } from './repository.ts';
import { pathOf, records } from './text.ts';

/** One side of one path in a conflict. */
export interface ConflictSide {
  readonly mode: string;
  readonly id: Sha;
  /** 1 the common base, 2 the target ("ours"), 3 what is merged ("theirs"). */
  readonly stage: 1 | 2 | 3;
  /** The bytes of the path as Latin-1. */
  readonly path: string;
}

/** What git says about the merge of some paths. */
export interface MergeMessage {
  /** Git's stable short name, as `CONFLICT (modify/delete)` or `Auto-merging`. */
  readonly type: string;
  readonly text: string;
}

/** Result of a merge in memory. `tree` of a conflict holds git's markers where it could write some. */
export type TreeMerge =
  | { readonly kind: 'merged'; readonly tree: Sha }
  | {
      readonly kind: 'conflict';
      readonly tree: Sha;
      readonly sides: readonly ConflictSide[];
      readonly messages: readonly MergeMessage[];
    }
  /** No common history. */
  | { readonly kind: 'unrelated' }
  /** Git breaks on what the commits hold (F-087): repeating helps nobody. */
  | { readonly kind: 'invalid'; readonly detail: string };

/** Two commits and the place which gives them their attributes. */
export interface TreeMergePlan {
  readonly ours: Sha;
  readonly theirs: Sha;
  readonly place: MergePlace;
}

/**
 * Merges two commits in memory: the one place where a conflict is found out.
 * `git merge-tree` exits with 1 for a conflict and for a missing commit (git 2.39), so the first record
 * of its output decides, and what is missing is an exception.
 *
 * @throws GitError when an object is missing or git could not do its work.
 */
export async function mergeTrees(repository: Repository, plan: TreeMergePlan): Promise<TreeMerge> {
  const flags = ['merge-tree', '--write-tree', '-z', '--messages', '--end-of-options'];
  const { dir, env } = plan.place;
  const call: GitCall = { args: [...flags, plan.ours, plan.theirs], dir, env };
  const exit = await repository.git.attempt(call);
  if (exit.kind === 'exit' && exit.code <= 1) {
    const [tree = '', ...rest] = records(exit.stdout);
    if (isSha(tree)) return exit.code === 0 ? { kind: 'merged', tree } : readConflict(tree, rest);
  }
  if (exit.kind === 'signal' && exit.signal === 'SIGABRT') {
    return { kind: 'invalid', detail: exit.stderr };
  }
  if (exit.kind === 'exit' && (await areUnrelated(repository, plan))) return { kind: 'unrelated' };
  throw repository.git.failure(call, exit);
}

async function areUnrelated(repository: Repository, plan: TreeMergePlan): Promise<boolean> {
  const found = await repository.objects.read([plan.ours, plan.theirs]);
  if (found.some((object) => object?.type !== 'commit')) return false;
  const args = ['merge-base', plan.ours, plan.theirs];
  const { code } = await runIn(repository, { args }, [0, 1]);
  return code === 1;
}

/** Reads what follows the tree: the sides up to an empty record, then messages of count, paths, type, text. */
function readConflict(tree: Sha, rest: readonly string[]): TreeMerge {
  const gap = rest.indexOf('');
  const sides = rest.slice(0, gap < 0 ? rest.length : gap).map(readSide);
  const messages: MergeMessage[] = [];
  let at = gap + 1;
  while (gap >= 0 && at < rest.length) {
    const afterPaths = at + 1 + Number(rest[at]);
    const [type = '', text = ''] = rest.slice(afterPaths, afterPaths + 2);
    messages.push({ type, text: Buffer.from(text, 'latin1').toString().trimEnd() });
    at = afterPaths + 2;
  }
  return { kind: 'conflict', tree, sides, messages };
}

function readSide(record: string): ConflictSide {
  const found = /^(\d+) ([0-9a-f]+) ([123])\t([^]*)$/.exec(record);
  if (!found) throw new Error(`merge-tree gave a record nobody knows: ${JSON.stringify(record)}`);
  const [, mode = '', id = '', stage, path = ''] = found;
  return { mode, id: id as Sha, stage: Number(stage) as 1 | 2 | 3, path };
}

/** A conflict in words for people: paths in display form, and git's own report. */
export interface ConflictReport {
  readonly files: readonly string[];
  readonly output: string;
}

/** Sums a conflict up. Ids of stand-in commits, which mean nothing to anybody, become `names`. */
export function reportConflict(
  conflict: Extract<TreeMerge, { kind: 'conflict' }>,
  names: ReadonlyMap<Sha, string>,
): ConflictReport {
  const paths = conflict.sides.map(({ path }) => pathOf(readablePath(path, names)));
  const told = conflict.messages.filter(({ type }) => type.startsWith('CONFLICT'));
  let output = told.map(({ text }) => text).join('\n');
  for (const [id, name] of names) output = output.replaceAll(id, name);
  return { files: [...new Set(paths)], output };
}

/** Git calls a file that had to make room `path~<id of its side>`: the name of the side says more. */
export function readablePath(path: string, names: ReadonlyMap<Sha, string>): string {
  let readable = path;
  for (const [id, name] of names) {
    const part = name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 60);
    readable = readable.replaceAll(`~${id}`, `~${part}`);
  }
  return readable;
}
