import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeGitLeftovers } from './leftovers.ts';
import type { Mutex } from './mutex.ts';
import { createObjectReader } from './object-reader.ts';
import type { Repository } from './repository.ts';
import type { Git, GitLog } from './call.ts';

/** Where a clone lies and what it takes to open it. */
export interface ClonePlace {
  readonly root: string;
  readonly id: number;
  readonly git: Git;
  readonly lock: Mutex;
  readonly networkTimeoutMs: number;
  readonly log?: GitLog | undefined;
}

/** An opened clone and whether something went wrong in it since it was last found whole. */
export interface OpenedClone {
  readonly repository: Repository;
  readonly health: { suspect: boolean };
}

/**
 * Opens a clone: makes it when there is none; after a failure looks through all of it, and sets a broken one
 * aside, because fetching again does not repair (reliability.md F-093). `opened` remembers between calls.
 */
export async function openRepository(
  place: ClonePlace,
  opened: Map<number, OpenedClone>,
): Promise<Repository> {
  const known = opened.get(place.id);
  // Without the lock: local work need not wait for somebody's long fetch.
  if (known && !known.health.suspect && (await isThere(known))) return known.repository;
  return place.lock.run(() => openAlone(place, opened));
}

async function openAlone(place: ClonePlace, opened: Map<number, OpenedClone>): Promise<Repository> {
  const known = opened.get(place.id);
  const clone = known ?? newClone(place);
  const { dir, objects, attributes } = clone.repository;
  if (!(await isUsable(clone, known === undefined))) await setAside(place, dir);
  if (!(await isThere(clone))) {
    objects.close(); // it may still read what was there before
    attributes.trees.clear();
    await create(place, dir);
  }
  clone.health.suspect = false;
  opened.set(place.id, clone);
  return clone.repository;
}

function isThere({ repository }: OpenedClone): Promise<boolean> {
  return exists(join(repository.dir, 'HEAD'));
}

const IDLE_MS = 2000; // a port or staging reads many times in a row, then for long not at all
const ANSWER_TIMEOUT_MS = 2 * 60_000;

function newClone(place: ClonePlace): OpenedClone {
  const health = { suspect: false };
  const git = suspecting(place.git, health);
  const dir = join(place.root, `${place.id}.git`);
  const overlays = join(place.root, 'overlays');
  const { lock, networkTimeoutMs } = place;
  const objects = createObjectReader({ git, dir, idleMs: IDLE_MS, timeoutMs: ANSWER_TIMEOUT_MS });
  const attributes = { trees: new Map() };
  const repository = { git, dir, overlays, lock, objects, attributes, networkTimeoutMs };
  return { health, repository };
}

/** Notes each failure of a local command: the clone may be the reason. */
function suspecting(git: Git, health: { suspect: boolean }): Git {
  return {
    ...git,
    async run(call, expected) {
      try {
        return await git.run(call, expected);
      } catch (error) {
        health.suspect ||= call.remote !== true;
        throw error;
      }
    },
    failure(call, exit) {
      health.suspect ||= call.remote !== true || exit.kind === 'exit';
      return git.failure(call, exit);
    },
  };
}

async function isUsable({ repository, health }: OpenedClone, first: boolean): Promise<boolean> {
  const { git, dir } = repository;
  if (!(await exists(dir))) return true; // nothing to set aside
  if (!(await exists(join(dir, 'HEAD')))) return false;
  if (first) {
    await removeGitLeftovers(dir);
    return succeeds(git, dir, ['for-each-ref', '--format=%(objecttype)', 'refs/bot']);
  }
  if (!health.suspect) return true;
  await removeGitLeftovers(dir, performance.timeOrigin + performance.now() - LONGEST_LOCAL_MS);
  return succeeds(git, dir, ['fsck', '--connectivity-only', '--no-dangling', '--no-progress']);
}

/** Beside whoever holds the clone's lock only local commands run, which get less (clones.ts). */
const LONGEST_LOCAL_MS = 5 * 60_000;

const CHECK_TIMEOUT_MS = 30 * 60_000;

async function succeeds(git: Git, dir: string, args: string[]): Promise<boolean> {
  const exit = await git.attempt({ args, dir, timeoutMs: CHECK_TIMEOUT_MS });
  return exit.kind === 'exit' && exit.code === 0;
}

/** Keeps the broken clone for a look by a person, one for each repository, out of the way. */
async function setAside(place: ClonePlace, dir: string): Promise<void> {
  const shelf = join(place.root, 'quarantine');
  await mkdir(shelf, { recursive: true });
  const older = (await readdir(shelf)).filter((name) => name.startsWith(`${place.id}-`));
  for (const name of older) await rm(join(shelf, name), { recursive: true, force: true });
  const to = await mkdtemp(join(shelf, `${place.id}-`));
  await rename(dir, to);
  place.log?.warn({ repository: place.id, quarantine: to }, 'clone is broken, making a new one');
}

/** A half-made clone is never seen: it is made beside its place and moved there. */
async function create({ git, root, id }: ClonePlace, dir: string): Promise<void> {
  const half = await mkdtemp(join(root, `new-${id}-`));
  const args = ['init', '--bare', '--quiet', '--template=', '--initial-branch=none', '--', half];
  await git.run({ args });
  await rename(half, dir).catch(async (error: unknown) => {
    await rm(half, { recursive: true, force: true });
    if (!(await exists(join(dir, 'HEAD')))) throw error; // another process made it: as good
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
