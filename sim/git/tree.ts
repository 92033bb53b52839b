/** One line of a tree object. */
export interface TreeEntry {
  readonly mode: string;
  readonly path: string;
  readonly sha: string;
}

/** Reads the content of a tree object. */
export function parseTree(content: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(32, at);
    const nul = content.indexOf(0, space);
    const mode = content.toString('utf8', at, space).padStart(6, '0');
    const path = content.toString('utf8', space + 1, nul);
    entries.push({ mode, path, sha: content.toString('hex', nul + 1, nul + 21) });
    at = nul + 21;
  }
  return entries;
}

/** The content of a tree object; entries are put into git's order (folders as if they ended in `/`). */
export function printTree(entries: readonly TreeEntry[]): Buffer {
  const key = (one: TreeEntry): Buffer =>
    Buffer.from(one.mode.endsWith('40000') ? `${one.path}/` : one.path);
  const sorted = [...entries].sort((a, b) => Buffer.compare(key(a), key(b)));
  return Buffer.concat(
    sorted.flatMap((one) => [
      Buffer.from(`${one.mode.replace(/^0/, '')} ${one.path}\0`),
      Buffer.from(one.sha, 'hex'),
    ]),
  );
}

/** `tree`, `blob` or `commit` (a submodule), by file mode. */
export function entryType(mode: string): 'tree' | 'blob' | 'commit' {
  if (mode === '040000') return 'tree';
  return mode === '160000' ? 'commit' : 'blob';
}
