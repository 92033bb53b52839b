import { git } from './git.ts';
import type { DemoWorld } from './types.ts';

type Calls = Pick<DemoWorld, 'as'>;
type Change = DemoWorld['change'];

const REPOSITORY = '/repos/acme/stagecoach';
const MOST_FILES = 40; // a change somebody could review
const LOOK_BACK = 50;

/** A commit of the history that can be played as a pull request. */
interface Candidate extends Change {
  readonly parent: string;
}

/**
 * Gives the imported repository its branches, such that a real commit of its history is a change to 17.0: the branch
 * stands where that commit's parent is. The two later branches go on from there with a commit of their own.
 *
 * A clone without that much history gives its newest commit in two halves.
 */
export async function createHistory(world: Calls, clone: string): Promise<Change> {
  const candidate = (await findChange(clone)) ?? (await halve(world, clone));
  await createBranch(world, '17.0', candidate.parent);
  const next = await addVersion(world, { parent: candidate.parent, version: '18.0' });
  await createBranch(world, '18.0', next);
  const last = await addVersion(world, { parent: next, version: 'master' });
  await createBranch(world, 'master', last);
  return candidate;
}

/** The newest commit that is small, has one parent, and is not marked to be squashed into another. */
async function findChange(clone: string): Promise<Candidate | null> {
  if ((await git(clone, ['rev-parse', '--is-shallow-repository'])) === 'true') return null;
  const format = '%H%x1f%P%x1f%ae%x1f%s';
  const log = await git(clone, ['log', '--first-parent', `-${LOOK_BACK}`, `--format=${format}`]);
  for (const line of log.split('\n')) {
    const [sha = '', parents = '', email = '', subject = ''] = line.split('\x1f');
    if (!/^[0-9a-f]+$/.test(parents) || email === '' || /^(?:fixup|squash)!/.test(subject))
      continue;
    const files = await git(clone, ['diff-tree', '-r', '--name-only', '--no-commit-id', sha]);
    const count = files === '' ? 0 : files.split('\n').length;
    if (count > 0 && count <= MOST_FILES)
      return { sha, subject, parent: parents, isOriginal: true };
  }
  return null;
}

/**
 * The newest commit as two: all but its last files, and then those. Both are new commits without the clone's own past,
 * which is cut off somewhere and could not be carried on.
 */
async function halve(world: Calls, clone: string): Promise<Candidate> {
  const [tree = '', subject = ''] = (await git(clone, ['log', '-1', '--format=%T%x1f%s'])).split(
    '\x1f',
  );
  const files = (
    await git(clone, ['ls-tree', '-r', '--name-only', 'HEAD', 'docs', 'README.md'])
  ).split('\n');
  const without = files
    .slice(-3)
    .map((path) => ({ path, mode: '100644', type: 'blob', sha: null }));
  const half = await post(world, 'git/trees', { base_tree: tree, tree: without });
  const start = { message: `Begin ${subject}`, tree: half.sha, parents: [], author: AUTHOR };
  const parent = (await post(world, 'git/commits', start)).sha;
  const whole = { message: subject, tree, parents: [parent], author: AUTHOR };
  const { sha } = await post(world, 'git/commits', whole);
  return { sha, subject, parent, isOriginal: false };
}

const AUTHOR = { name: 'Alice', email: 'alice@acme.test' };

/** A commit that no change touches: what makes the branches differ. */
async function addVersion(
  world: Calls,
  { parent, version }: { readonly parent: string; readonly version: string },
): Promise<string> {
  const { tree } = await world.as<{ tree: { sha: string } }>(
    'root',
    'GET',
    `${REPOSITORY}/git/commits/${parent}`,
  );
  const file = { path: '.demo-version', mode: '100644', type: 'blob', content: `${version}\n` };
  const made = await post(world, 'git/trees', { base_tree: tree.sha, tree: [file] });
  const commit = { message: `Begin ${version}`, tree: made.sha, parents: [parent], author: AUTHOR };
  return (await post(world, 'git/commits', commit)).sha;
}

async function createBranch(world: Calls, name: string, sha: string): Promise<void> {
  const path = `${REPOSITORY}/git/refs`;
  const known = await world.as<{ ref: string }[]>(
    'root',
    'GET',
    `${REPOSITORY}/git/matching-refs/heads/${name}`,
  );
  const exists = known.some(({ ref }) => ref === `refs/heads/${name}`); // the clone may have a branch of that name
  if (exists) await world.as('root', 'PATCH', `${path}/heads/${name}`, { sha, force: true });
  else await world.as('root', 'POST', path, { ref: `refs/heads/${name}`, sha });
}

function post({ as }: Calls, what: string, body: unknown): Promise<{ sha: string }> {
  return as('root', 'POST', `${REPOSITORY}/${what}`, body);
}
