import { sha, type Sha } from '../lib/ids.ts';
import type { GitError } from './errors.ts';
import { writeLooseObject } from './loose-object.ts';
import type { Repository } from './repository.ts';
import { formatSignature, parseSignature, type Signature } from './signature.ts';
import { decodeText } from './text.ts';

/** A commit, decoded. */
export interface Commit {
  readonly sha: Sha;
  readonly tree: Sha;
  readonly parents: readonly Sha[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** All that makes a commit except its id. */
export type CommitContent = Omit<Commit, 'sha'>;

/** Reads commits in the order asked. @throws GitError when one is not there or is no commit. */
export async function readCommits(repository: Repository, shas: readonly Sha[]): Promise<Commit[]> {
  const objects = await repository.objects.read(shas);
  return shas.map((id, n) => {
    const object = objects[n];
    if (object?.type !== 'commit') throw absent(repository, id);
    return parseCommit(id, object.content);
  });
}

/** Reads one commit. @throws GitError when it is not there. */
export async function readCommit(repository: Repository, id: Sha): Promise<Commit> {
  const [commit] = await readCommits(repository, [id]);
  if (!commit) throw absent(repository, id);
  return commit;
}

function absent(repository: Repository, id: Sha): GitError {
  const stderr = `no commit ${id}`;
  return repository.git.failure(
    { args: ['cat-file'] },
    { kind: 'exit', code: 1, stdout: NONE, stderr },
  );
}

const NONE = Buffer.alloc(0);

/** Reads the bytes of a commit object. Headers nobody here needs (signatures, merge tags) are left out. */
export function parseCommit(id: Sha, content: Buffer): Commit {
  const gap = content.indexOf('\n\n');
  const head = gap < 0 ? content : content.subarray(0, gap);
  const headers = head.toString('latin1').split('\n');
  const all = (key: string): string[] =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const encoding = all('encoding')[0];
  const signature = (key: string): Signature =>
    parseSignature(Buffer.from(all(key)[0] ?? '', 'latin1'), encoding);
  return {
    sha: id,
    tree: sha(all('tree')[0] ?? ''),
    parents: all('parent').map(sha),
    author: signature('author'),
    committer: signature('committer'),
    message: gap < 0 ? '' : decodeText(content.subarray(gap + 2), encoding),
  };
}

/** The bytes of a commit object, always UTF-8; parse and format are inverses for a well-formed commit. */
export function formatCommit(commit: CommitContent): Buffer {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${formatSignature(commit.author)}`,
    `committer ${formatSignature(commit.committer)}`,
  ];
  const message = commit.message.replaceAll('\0', '').replace(/\n*$/, '\n');
  return Buffer.from(`${lines.join('\n')}\n\n${message}`);
}

/**
 * Writes a commit. The object is made here and not by `commit-tree`, which refuses empty names and odd
 * dates that real history holds (B-084, B-085).
 */
export function writeCommit(repository: Repository, commit: CommitContent): Promise<Sha> {
  const object = { type: 'commit' as const, content: formatCommit(commit) };
  return writeLooseObject(repository, object, commit.tree);
}

const AT_ONCE = 16; // mostly waiting for the disk

/** Writes blobs. `like`: see {@link writeLooseObject}. */
export async function writeBlobs(
  repository: Repository,
  blobs: readonly Buffer[],
  like: Sha,
): Promise<Sha[]> {
  const ids: Sha[] = [];
  for (let at = 0; at < blobs.length; at += AT_ONCE) {
    const some = blobs.slice(at, at + AT_ONCE);
    const written = some.map((content) =>
      writeLooseObject(repository, { type: 'blob', content }, like),
    );
    ids.push(...(await Promise.all(written)));
  }
  return ids;
}
