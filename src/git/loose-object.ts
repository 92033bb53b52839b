import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { errorCode, oneLine } from '../lib/errors.ts';
import { sha, type Sha } from '../lib/ids.ts';
import type { Repository } from './repository.ts';

const compress = promisify(deflate);
const FASTEST = { level: 1 }; // maintenance packs it anew

/**
 * Writes an object as git itself would (gitformat-loose in git's documentation): 1 ms instead of a process of `hash-object`,
 * of which a port would need two. On the disk before its name is there (F-097: a power cut must not leave an empty one).
 *
 * @param like any id of the repository: its length tells the hash.
 * @throws GitError when the disk does not take it.
 */
export async function writeLooseObject(
  repository: Repository,
  object: { readonly type: 'commit' | 'blob'; readonly content: Uint8Array },
  like: Sha,
): Promise<Sha> {
  const { type, content } = object;
  const bytes = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const id = idOf(bytes, like);
  const folder = join(repository.dir, 'objects', id.slice(0, 2));
  if (await freshen(join(folder, id.slice(2)))) return id;
  try {
    await put(folder, id.slice(2), await compress(bytes, FASTEST));
    return id;
  } catch (error) {
    // as of git itself: the disk, or the clone, which is looked through before it is used again
    throw repository.git.failure(
      { args: ['hash-object'] },
      { kind: 'start', stderr: oneLine(error) },
    );
  }
}

async function put(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const half = join(folder, `tmp_obj_${randomUUID()}`); // git prunes what a killed process leaves by this name
  await mkdir(folder).catch(unlessThere);
  try {
    await writeDown(half, bytes);
    await rename(half, join(folder, name));
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
}

function unlessThere(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}

function idOf(bytes: Buffer, like: Sha): Sha {
  const algorithm = like.length === 64 ? 'sha256' : 'sha1';
  return sha(createHash(algorithm).update(bytes).digest('hex'));
}

/** What is there already becomes young again, so that no clean-up takes it. */
async function freshen(path: string): Promise<boolean> {
  const now = (performance.timeOrigin + performance.now()) / 1000; // files have the machine's time
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}

async function writeDown(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o444);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
