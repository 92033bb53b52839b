import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathText } from '../../../src/git/text.ts';
import type { Sha } from '../../../src/lib/ids.ts';
import { commitsOf, type History } from './generated-histories.ts';
import { BOT, type Scratch } from './scratch.ts';

/** What a pick comes to, in words that both ways have. */
export interface Verdict {
  kind: 'clean' | 'conflict';
  tree?: string;
  files?: string[];
}

/** A pick by a person in a work tree: `git cherry-pick`, the checkout before it included. */
export type CherryPick = (onto: Sha, commit: Sha) => Verdict;

/** A person's way: a work tree, and `git cherry-pick` in it. */
export function aWorkTree(scratch: Scratch): CherryPick {
  const dir = join(scratch.folder, 'work');
  const env = {
    PATH: '/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin',
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@acme.test',
  };
  const run = (...args: string[]): Buffer => execFileSync('git', args, { cwd: dir, env });
  mkdirSync(dir);
  run('init', '--quiet');
  borrowObjects(scratch, join(dir, '.git'));
  return (onto: Sha, commit: Sha): Verdict => {
    run('checkout', '--quiet', '--force', '--detach', onto);
    run('clean', '-fdxq');
    const picked = spawnSync('git', ['cherry-pick', '--no-commit', commit], { cwd: dir, env });
    if (picked.status === 0) return { kind: 'clean', tree: run('write-tree').toString().trim() };
    const unmerged = run('ls-files', '--unmerged', '-z').toString('latin1').split('\0');
    const named = unmerged.filter(Boolean).map((line) => line.slice(line.indexOf('\t') + 1));
    const files = named.map((path) => pathText(Buffer.from(path, 'latin1')));
    return { kind: 'conflict', files: withoutSides(files) };
  };
}

/** A file that makes room for a folder is called after its side, in other words here and there. */
function withoutSides(files: readonly string[]): string[] {
  return [...new Set(files.map((path) => path.replace(/~.*/, '~')))].sort();
}

/** Saves a fetch for every history. */
export function borrowObjects(scratch: Scratch, gitDir: string): void {
  mkdirSync(join(gitDir, 'objects', 'info'), { recursive: true });
  const alternates = join(gitDir, 'objects', 'info', 'alternates');
  appendFileSync(alternates, `${join(scratch.origin, 'objects')}\n`);
}

/** Writes a history to the remote, on top of what is there already; `bases` remembers those that were written. */
export function writeHistory(
  scratch: Scratch,
  { bases, on }: { readonly bases: Map<string, Sha>; readonly on?: Sha },
  history: History,
): { onto: Sha; commit: Sha } {
  const { base, ours, theirs } = commitsOf(history);
  const from = bases.get(history.attributes) ?? scratch.commit(on ? { ...base, on } : base);
  bases.set(history.attributes, from); // a base differs from the others by its attributes only
  const onto = scratch.commit({ ...ours, on: from });
  return { onto, commit: scratch.commit({ ...theirs, on: from }) };
}

/** The bot's way. */
export async function pickInMemory(scratch: Scratch, onto: Sha, commit: Sha): Promise<Verdict> {
  const plan = { onto, commits: [commit], committerDate: BOT.date };
  const outcome = await scratch.clone.pick(plan);
  if (outcome.kind === 'picked') return { kind: 'clean', tree: outcome.tree };
  if (outcome.kind === 'empty') return { kind: 'clean', tree: await scratch.clone.tree(onto) };
  if (outcome.kind !== 'conflict') throw new Error(JSON.stringify(outcome));
  return { kind: 'conflict', files: withoutSides(outcome.files) };
}
