import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { CatFile, type GitObject } from './cat-file.ts';
import { parseCommit, printCommit, type Commit, type NewCommit } from './commit.ts';
import { DiffTree, type FileChange } from './diff-tree.ts';
import { parseTree, printTree, type TreeEntry } from './tree.ts';
import { writeSkeleton } from './skeleton.ts';

/** The id of the tree with nothing in it. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/**
 * The objects of one fork network, kept once: a commit pushed to a fork is there for its parent, as at
 * GitHub. Objects never change, so everything read about them is remembered.
 */
export class Store {
  readonly dir: string;
  readonly #objects: CatFile;
  readonly #diffs: DiffTree;
  readonly #commits = new Map<string, Commit>();
  readonly #changes = new Map<string, Promise<FileChange[]>>();
  #temporary = 0;

  constructor(dir: string) {
    this.dir = dir;
    writeSkeleton(dir, null);
    this.#objects = new CatFile(dir);
    this.#diffs = new DiffTree(dir);
    this.write('tree', Buffer.alloc(0));
  }

  /** An object by id or by `id:path`. */
  object(name: string): Promise<GitObject | null> {
    return this.#objects.read(name);
  }

  /** A commit, or null when there is none with this id. */
  async commit(sha: string): Promise<Commit | null> {
    const known = this.#commits.get(sha);
    if (known) return known;
    const object = /^[0-9a-f]{40}$/.test(sha) ? await this.object(sha) : null;
    if (object?.type !== 'commit') return null;
    const commit = parseCommit(sha, object.content);
    this.#commits.set(sha, commit);
    return commit;
  }

  /** The entries of a tree by its id or `commit:path`; null when it is no tree. */
  async tree(name: string): Promise<{ sha: string; entries: TreeEntry[] } | null> {
    const object = await this.object(name);
    if (object?.type !== 'tree') return null;
    return { sha: object.sha, entries: parseTree(object.content) };
  }

  /** The files changed between two commits (null: against nothing). */
  async changes(before: string | null, after: string): Promise<FileChange[]> {
    const key = `${before ?? ''}..${after}`;
    const known = this.#changes.get(key);
    if (known) return known;
    const from = before === null ? EMPTY_TREE : ((await this.commit(before))?.tree ?? EMPTY_TREE);
    const to = (await this.commit(after))?.tree ?? EMPTY_TREE;
    const found = this.#diffs.compare(from, to);
    this.#changes.set(key, found);
    return found;
  }

  /** Keeps an object and gives its id. */
  write(type: GitObject['type'], content: Buffer): string {
    const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
    const sha = createHash('sha1').update(whole).digest('hex');
    const folder = join(this.dir, 'objects', sha.slice(0, 2));
    const file = join(folder, sha.slice(2));
    if (existsSync(file)) return sha;
    mkdirSync(folder, { recursive: true });
    const draft = join(folder, `tmp_sim_${(this.#temporary += 1)}`);
    writeFileSync(draft, deflateSync(whole), { mode: 0o444 });
    renameSync(draft, file);
    return sha;
  }

  /** Keeps a new commit and gives its id. */
  writeCommit(commit: NewCommit): string {
    return this.write('commit', printCommit(commit));
  }

  /** Keeps a new tree and gives its id. */
  writeTree(entries: readonly TreeEntry[]): string {
    return this.write('tree', printTree(entries));
  }

  /** Ends the processes behind the store. */
  close(): void {
    this.#objects.close();
    this.#diffs.close();
  }
}
