import { readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errorCode } from '../../lib/errors.ts';
import type { PersonsGit } from './git.ts';
import type { Replay } from './plan.ts';

/** Keep the objects of a replay from being collected, and say what they are. */
export const REFS = {
  onto: 'refs/stagecoach/replay/onto',
  head: 'refs/stagecoach/replay/head',
} as const;

/** A person's clone with room for what a replay must remember: in its `.git`, not among the files. */
export interface Clone {
  readonly git: PersonsGit;
  readonly folder: string;
}

/** The replay that is under way here, or null. */
export async function readReplay(clone: Clone): Promise<Replay | null> {
  try {
    return JSON.parse(
      await readFile(await pathIn(clone, 'stagecoach-replay.json'), 'utf8'),
    ) as Replay;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Remembers how far it has come. */
export async function writeReplay(clone: Clone, replay: Replay): Promise<void> {
  const path = await pathIn(clone, 'stagecoach-replay.json');
  await writeFile(path, `${JSON.stringify(replay, null, 2)}\n`);
}

/** Forgets it. The branch stays. */
export async function forgetReplay(clone: Clone): Promise<void> {
  await rm(await pathIn(clone, 'stagecoach-replay.json'), { force: true });
  for (const ref of Object.values(REFS)) await clone.git.attempt(['update-ref', '-d', ref]);
}

/** A file of git's own in this work tree, wherever it keeps them. */
export async function pathIn({ git, folder }: Clone, name: string): Promise<string> {
  return resolve(folder, await git.read(['rev-parse', '--git-path', name]));
}
