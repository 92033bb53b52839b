import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { newIssue } from '../acts/issues.ts';
import { newPull } from '../acts/pulls.ts';
import { Refused } from '../errors.ts';
import { git } from '../git/process.ts';
import { packRefs } from '../git/refs.ts';
import type { Sim } from '../sim.ts';
import { branchHead, findRepository, userByLogin, userOf } from '../state/state.ts';
import type { Repository, User } from '../state/types.ts';
import { read } from './bodies.ts';

const FillBody = z.object({
  repository: z.string(),
  base: z.string(),
  author: z.string(),
  count: z.number().int().positive().max(100_000),
});

/**
 * Opens many pull requests at once, each with a branch and a commit of its own, without telling anybody:
 * a large repository for tests of size. Objects come as one pack and refs as one packed file, because
 * fifty thousand small files take half a minute.
 */
export async function fillPulls(sim: Sim, body: unknown): Promise<{ first: number; last: number }> {
  const wanted = read(FillBody, body);
  const [owner = '', name = ''] = wanted.repository.split('/');
  const repository = findRepository(sim.state, owner, name)?.repository;
  const author = userByLogin(sim.state, wanted.author);
  const base = repository && branchHead(repository, wanted.base);
  if (!repository || !author || base === undefined) throw new Refused(422, 'no such place');
  const first = repository.nextNumber;
  const heads = await makeCommits(sim.store(repository.networkId).dir, { ...wanted, base, first });
  for (const head of heads)
    openQuietly(sim, repository, { head, tip: base, base: wanted.base, author });
  packRefs(sim, repository);
  return { first, last: repository.nextNumber - 1 };
}

/** Commits on the base, each with one new file; gives their ids in order. */
async function makeCommits(
  dir: string,
  what: { base: string; first: number; count: number },
): Promise<string[]> {
  const marks = join(dir, 'fill-marks');
  const lines: string[] = [];
  for (let i = 0; i < what.count; i += 1) {
    const path = `filled-${what.first + i}.txt`;
    const message = `Add ${path}`;
    lines.push(
      'commit refs/fill/tip',
      `mark :${i + 1}`,
      `committer Filler <filler@simulator.test> ${1_700_000_000 + i} +0000`,
      `data ${message.length}`,
      message,
      `from ${what.base}`,
      `M 100644 inline ${path}`,
      `data ${path.length}`,
      path,
    );
  }
  const args = ['fast-import', '--quiet', '--force', `--export-marks=${marks}`];
  const result = await git(dir, args, Buffer.from(`${lines.join('\n')}\n`));
  if (result.code !== 0) throw new Error(`git fast-import: ${result.stderr}`);
  const heads: string[] = [];
  for (const line of readFileSync(marks, 'utf8').trim().split('\n')) {
    const [mark = '', sha = ''] = line.split(' ');
    heads[Number(mark.slice(1)) - 1] = sha;
  }
  rmSync(marks);
  return heads;
}

function openQuietly(
  sim: Sim,
  repository: Repository,
  what: { head: string; tip: string; base: string; author: User },
): void {
  const title = `Add filled-${repository.nextNumber}.txt`;
  const issue = newIssue(sim, repository, { title, body: null, authorId: what.author.id });
  const branch = `filled-${issue.number}`;
  repository.refs.set(`refs/heads/${branch}`, what.head);
  repository.refs.set(`refs/pull/${issue.number}/head`, what.head);
  const head = { repository, ref: branch, sha: what.head, owner: ownerOf(sim, repository) };
  issue.pull = newPull(sim, { head, base: what.base, baseSha: what.tip, draft: false });
  repository.openPulls.add(issue.number);
}

function ownerOf(sim: Sim, repository: Repository): User {
  return userOf(sim.state, repository.ownerId);
}
