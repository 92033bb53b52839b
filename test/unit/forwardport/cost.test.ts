import { describe, expect, it } from '@jest/globals';
import { makePort } from '../../../src/forwardport/make.ts';
import { PullRequest } from '../../../src/models/pull-request.ts';
import { aScratch } from '../git/scratch.ts';

/** The commands of git that a port of one commit starts, in a repository of so many files; fetches left out. */
async function commandsFor(files: number): Promise<string[]> {
  const ran: string[][] = [];
  const log = {
    debug: (fields: object) => void ran.push((fields as { git: string[] }).git),
    warn: () => undefined,
  };
  await using scratch = await aScratch({ log });
  const many = Array.from({ length: files }, (_, n) => [`d${n % 100}/f${n}`, `${n}\n`] as const);
  const base = scratch.commit({ files: Object.fromEntries(many) });
  const target = scratch.commit({ on: base, files: { 'd1/f1': 'target\n' } });
  scratch.branch('18.0', target);
  const head = scratch.commit({ on: base, files: { 'd2/f2': 'changed\n' } });
  const root = Object.assign(new PullRequest(), { title: 'x', head, commitsMap: { [head]: base } });
  const bot = { id: '1', login: 'bot', name: 'Bot', email: 'bot@acme.test' };
  const about = { clone: scratch.clone, root, rootName: 'acme/app#1', target: '18.0', bot };
  ran.length = 0;
  const made = await makePort({ ...about, now: new Date(0) });
  expect(made).toMatchObject({ kind: 'made', commitCount: 1, conflict: null });
  return ran.map((argv) => argv.find((word) => !word.startsWith('-')) ?? '').filter(isWork);
}

const isWork = (command: string): boolean => !['fetch', 'ls-remote'].includes(command);

describe('a port of one commit', () => {
  it('starts at most six processes of git, fetch and push aside, however large the repository is', async () => {
    const small = await commandsFor(200);
    expect(small.length).toBeLessThanOrEqual(6);
    expect(small).toEqual(['cat-file', 'diff-tree', 'merge-tree']);
    expect(await commandsFor(20_000)).toEqual(small);
  });
});
