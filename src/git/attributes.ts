import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha, type Sha } from '../lib/ids.ts';
import { compileMergeAttributes, type AttributesFile } from './attributes-text.ts';
import { runIn, type Repository } from './repository.ts';
import { records } from './text.ts';

/**
 * Where to run a merge so that the merge attributes of its target count (ruling R33): a git directory and
 * the variables that lend it the clone's objects.
 */
export interface MergePlace {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds the place for merges into a tree. A bare repository ignores `.gitattributes`, and git before 2.43
 * has no `--attr-source`; writing the clone's `info/attributes` would make merges wait for each other.
 * So each text of attributes gets a small git directory of its own, named by its hash and never changed.
 */
export async function mergePlaceFor(repository: Repository, tree: Sha): Promise<MergePlace> {
  const text = compileMergeAttributes(await attributeFiles(repository, tree));
  if (text === '') return { dir: repository.dir, env: {} };
  const dir = await overlay(repository, text);
  return { dir, env: { GIT_OBJECT_DIRECTORY: join(repository.dir, 'objects') } };
}

const REMEMBERED_TREES = 16; // some branches, and the steps of a staging

async function attributeFiles(repository: Repository, tree: Sha): Promise<AttributesFile[]> {
  const found = await attributeBlobs(repository, tree);
  const objects = await repository.objects.read([...found.values()]);
  return [...found.keys()].map((path, n) => ({
    folder: path.split('/').slice(0, -1),
    text: objects[n]?.content.toString('latin1') ?? '',
  }));
}

async function attributeBlobs(
  repository: Repository,
  tree: Sha,
): Promise<ReadonlyMap<string, Sha>> {
  const { trees } = repository.attributes;
  const known = trees.get(tree);
  if (known) return known;
  const [near, start] = [...trees].at(-1) ?? [emptyTree(tree), new Map<string, Sha>()];
  const found = new Map(start);
  for (const { path, mode, id } of await attributeChanges(repository, near, tree)) {
    if (mode.startsWith('100')) found.set(path, id);
    else found.delete(path); // gone, or a link, which git does not follow here
  }
  trees.set(tree, found);
  for (const old of [...trees.keys()].slice(0, -REMEMBERED_TREES)) trees.delete(old);
  return found;
}

async function attributeChanges(repository: Repository, from: Sha, to: Sha) {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--no-ext-diff', '--no-textconv'];
  const { stdout } = await runIn(repository, {
    args: [...args, from, to, '--', ':(glob)**/.gitattributes'],
    env: { GIT_LITERAL_PATHSPECS: '0' }, // the one command with a pattern, and it is ours
  });
  return readDiff(records(stdout));
}

function readDiff(fields: readonly string[]): { mode: string; id: Sha; path: string }[] {
  const found = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', , id = ''] = (fields[at] ?? '').split(' ');
    found.push({ mode, id: sha(id), path: fields[at + 1] ?? '' });
  }
  return found;
}

/** The id of the tree without entries, known to git in every repository, by the length of its neighbours. */
export function emptyTree(like: Sha): Sha {
  const algorithm = like.length === 64 ? 'sha256' : 'sha1';
  return sha(createHash(algorithm).update('tree 0\0').digest('hex'));
}

async function overlay(repository: Repository, text: string): Promise<string> {
  const name = createHash('sha256').update(repository.dir).update('\0').update(text).digest('hex');
  const dir = join(repository.overlays, name);
  if (await exists(dir)) return dir;
  const half = await mkdtemp(join(repository.overlays, 'new-'));
  await mkdir(join(half, 'refs'));
  await mkdir(join(half, 'info'));
  await writeFile(join(half, 'HEAD'), 'ref: refs/heads/none\n');
  await writeFile(join(half, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n');
  await writeFile(join(half, 'info', 'attributes'), text, 'latin1');
  await rename(half, dir).catch(async (error: unknown) => {
    await rm(half, { recursive: true, force: true });
    if (!(await exists(dir))) throw error; // somebody else made the same one: as good
  });
  return dir;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
