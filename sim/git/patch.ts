import { git } from './process.ts';
import { EMPTY_TREE, type Store } from './store.ts';

const remembered = new WeakMap<Store, Map<string, Promise<Map<string, string>>>>();

/** GitHub leaves out patches longer than this (and those of binary files). */
const LONGEST_PATCH = 100_000;

/** The unified diff of each changed file by its new path, without the file header. */
export function filePatches(
  store: Store,
  before: string | null,
  after: string,
): Promise<Map<string, string>> {
  const known = remembered.get(store) ?? new Map<string, Promise<Map<string, string>>>();
  remembered.set(store, known);
  const key = `${before ?? ''}..${after}`;
  const found = known.get(key) ?? readPatches(store, before ?? EMPTY_TREE, after);
  known.set(key, found);
  return found;
}

async function readPatches(
  store: Store,
  before: string,
  after: string,
): Promise<Map<string, string>> {
  const args = ['-c', 'core.quotePath=false', 'diff', '-M', '--no-color', before, after];
  const { stdout } = await git(store.dir, args);
  const patches = new Map<string, string>();
  for (const part of stdout.toString('utf8').split(/^(?=diff --git )/m)) {
    const start = part.indexOf('\n@@ ');
    if (start < 0) continue;
    const head = part.slice(0, start);
    const added = /^\+\+\+ b\/(.*)$/m.exec(head)?.[1];
    const path = added ?? /^--- a\/(.*)$/m.exec(head)?.[1];
    const patch = part.slice(start + 1).replace(/\n$/, '');
    if (path !== undefined && patch.length <= LONGEST_PATCH)
      patches.set(path.replace(/\t$/, ''), patch);
  }
  return patches;
}
