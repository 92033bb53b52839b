import { join } from 'node:path';
import { commit, GREETING, greeting } from './web-repository.ts';
import { git } from './git.ts';
import { callJson, until, verify } from './http.ts';
import { ask, headOf, nameOf, openPull, portOn, reaches, say } from './pulls.ts';
import type { StoryPull } from './pulls.ts';
import type { DemoWorld } from './types.ts';

/** Prints one step of the story. */
export type Tell = (text: string) => void;

const PAIR = 'better-beginning';
const ALONE = 'warmer-thanks';
const APPROVE = '@stagecoach r+';

/** The three changes the story is about. */
interface Changes {
  /** A real commit of the imported history. */
  readonly real: StoryPull;
  /** Linked with it by its branch's name; it will conflict on 18.0. */
  readonly linked: StoryPull;
  readonly alone: StoryPull;
}

/**
 * Plays one day: two linked pull requests and a third land together, are carried to the next branch where one conflicts,
 * and from there to the last. Each step is checked at GitHub.
 *
 * @throws UserError at the first step that did not happen.
 */
export async function playStory(world: DemoWorld, tell: Tell): Promise<void> {
  const changes = await openChanges(world, tell);
  await land(world, changes, tell);
  const conflicting = await carryTo18(world, changes, tell);
  await solveConflict(world, conflicting, tell);
  await finish(world, changes, tell);
}

async function openChanges(world: DemoWorld, tell: Tell): Promise<Changes> {
  const { sha, subject, isOriginal } = world.change;
  const origin = isOriginal ? 'a real commit' : 'half of the newest commit';
  for (const name of ['stagecoach', 'web']) {
    await world.as('alice', 'POST', `/repos/acme/${name}/forks`, {});
    const path = `/repos/alice/${name}/branches/17.0`;
    await until(`the fork of ${name} is there`, () => world.as<object>('alice', 'GET', path));
  }
  await world.as('alice', 'POST', '/repos/alice/stagecoach/git/refs', {
    ref: `refs/heads/${PAIR}`,
    sha,
  });
  await pushChange(world, PAIR, { [GREETING]: greeting('Hello, and welcome.') });
  await pushChange(world, ALONE, { 'src/thanks.txt': 'Thank you very much.\n' });
  const real = await openPull(world, {
    ...{ repository: 'acme/stagecoach', branch: PAIR, title: subject },
    body: `Commit ${sha.slice(0, 10)} of this project, played again as a change to 17.0.`,
  });
  const linked = await openPull(world, {
    ...{ repository: 'acme/web', branch: PAIR, title: 'Welcome the reader' },
    body: `Goes with ${nameOf(real)}: the same branch name makes them one batch.`,
  });
  const alone = await openPull(world, {
    ...{ repository: 'acme/web', branch: ALONE, title: 'Thank more warmly', body: '' },
  });
  for (const pull of [real, linked, alone]) await reaches(world, pull, 'validated');
  verify(
    'the linked pull requests are one batch',
    (await ask(world, real)).batch === (await ask(world, linked)).batch,
  );
  tell(`alice opened ${nameOf(real)} (${origin}, ${sha.slice(0, 10)} "${subject}")`);
  tell(
    `      and ${nameOf(linked)}, linked with it by the branch name ${PAIR}; and ${nameOf(alone)}; CI is green`,
  );
  return { real, linked, alone };
}

/** Commits on top of 17.0 and pushes to alice's fork. */
async function pushChange(
  world: DemoWorld,
  branch: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const work = join(world.folder, 'work', 'web');
  await git(work, ['checkout', '-q', '-B', branch, '17.0']);
  await commit(work, branch === PAIR ? 'Welcome the reader' : 'Thank more warmly', files);
  await git(work, ['push', '-q', world.remote('alice', 'alice/web'), branch]);
}

async function land(world: DemoWorld, { real, linked, alone }: Changes, tell: Tell): Promise<void> {
  await say(world, real, { by: 'rita', text: APPROVE });
  const held = await until('the first waits for the second', async () => {
    const { state, blocked } = await ask(world, real);
    return state === 'ready' && blocked;
  });
  tell(`rita approved ${nameOf(real)}; it waits: ${held}`);
  for (const pull of [linked, alone]) await say(world, pull, { by: 'rita', text: APPROVE });
  for (const pull of [real, linked, alone]) await reaches(world, pull, 'merged');
  const heads = await landedHeads(world);
  for (const [repository, { head }] of Object.entries(heads)) {
    verify(
      `17.0 of ${repository} is what was tested`,
      (await headOf(world, repository, '17.0')) === head,
    );
    tell(`merged in ${repository}: 17.0 is now ${head.slice(0, 10)}, the very commit CI tested`);
  }
  for (const pull of [real, linked, alone]) await isClosed(world, pull);
  tell('the pull requests are closed');
}

/** The heads of the newest successful staging of 17.0. */
function landedHeads(world: DemoWorld): Promise<Record<string, { head: string }>> {
  return until('a staging of 17.0 succeeded', async () => {
    const query = 'project=acme&branch=17.0&state=success';
    const { items } = await callJson<{ items: { heads: Record<string, { head: string }> }[] }>(
      `${world.bot}/api/stagings?${query}`,
    );
    return items[0]?.heads;
  });
}

function isClosed(world: DemoWorld, { repository, number }: StoryPull): Promise<boolean> {
  return until(`${repository}#${number} is closed`, async () => {
    const { state } = await world.as<{ state: string }>(
      'root',
      'GET',
      `/repos/${repository}/pulls/${number}`,
    );
    return state === 'closed';
  });
}

async function carryTo18(
  world: DemoWorld,
  { real, linked, alone }: Changes,
  tell: Tell,
): Promise<StoryPull> {
  for (const pull of [real, alone]) {
    const port = await portOn(world, pull, '18.0');
    verify(`${nameOf(port)} has no conflict`, !port.conflict);
    tell(`${nameOf(pull)} was carried to 18.0: ${nameOf(port)}`);
  }
  const port = await portOn(world, linked, '18.0');
  verify(`${nameOf(port)} is in conflict`, port.conflict);
  const text = await textAt(world, port);
  verify('the conflict is visible in the file', /^<{7} [^]*^={7}$[^]*^>{7} /m.test(text));
  tell(
    `${nameOf(linked)} was carried to 18.0 too: ${nameOf(port)}, in conflict, with markers in ${GREETING}`,
  );
  return port;
}

/** The greeting as it is in a pull request's head. */
async function textAt(world: DemoWorld, pull: StoryPull): Promise<string> {
  const work = join(world.folder, 'work', 'web');
  const ref = `refs/pull/${pull.number}/head`;
  await git(work, ['fetch', '-q', world.remote('alice', pull.repository), ref]);
  return git(work, ['show', `FETCH_HEAD:${GREETING}`]);
}

/** As a person would: fetch, mend the file, amend the commit, push it back. */
async function solveConflict(world: DemoWorld, port: StoryPull, tell: Tell): Promise<void> {
  const work = join(world.folder, 'work', 'web');
  const path = `/repos/${port.repository}/pulls/${port.number}`;
  const { head } = await world.as<{ head: { ref: string } }>('alice', 'GET', path);
  const remote = world.remote('alice', port.repository);
  await git(work, ['fetch', '-q', remote, `refs/heads/${head.ref}`]);
  const message = await git(work, ['log', '-1', '--format=%B', 'FETCH_HEAD']);
  await git(work, ['checkout', '-q', '-B', 'solved', 'FETCH_HEAD^']);
  await commit(work, message, { [GREETING]: greeting('Good morning, and welcome.') });
  await git(work, ['push', '-q', '-f', remote, `solved:refs/heads/${head.ref}`]);
  await reaches(world, port, 'validated');
  await until('the conflict label is gone', async () => {
    const labels = await world.as<{ name: string }[]>(
      'root',
      'GET',
      `/repos/${port.repository}/issues/${port.number}/labels`,
    );
    return labels.every(({ name }) => name !== 'conflict');
  });
  tell(`alice solved the conflict of ${nameOf(port)}; its label is gone, CI is green`);
}

async function finish(
  world: DemoWorld,
  { real, linked, alone }: Changes,
  tell: Tell,
): Promise<void> {
  const last = await portOn(world, alone, 'master');
  await reaches(world, last, 'validated');
  await say(world, last, { by: 'rita', text: APPROVE });
  tell(
    `rita approved ${nameOf(last)}, the last port of ${nameOf(alone)}: that approves the one before it too`,
  );
  for (const pull of [real, linked])
    await say(world, await portOn(world, pull, '18.0'), { by: 'rita', text: APPROVE });
  for (const pull of [alone, real, linked])
    await reaches(world, await portOn(world, pull, '18.0'), 'merged');
  tell('all three are merged in 18.0');
  for (const pull of [real, linked]) {
    const port = await portOn(world, pull, 'master');
    await reaches(world, port, 'validated');
    await say(world, port, { by: 'rita', text: APPROVE });
  }
  for (const pull of [alone, real, linked]) {
    const port = await portOn(world, pull, 'master');
    const { merged_sha } = await reaches(world, port, 'merged');
    tell(
      `${nameOf(pull)} has reached master: ${nameOf(port)}, merged as ${(merged_sha ?? '').slice(0, 10)}`,
    );
  }
  const text = await textOn(world, 'master');
  verify('master has the solved greeting', text === greeting('Good morning, and welcome.').trim());
}

async function textOn(world: DemoWorld, branch: string): Promise<string> {
  const work = join(world.folder, 'work', 'web');
  await git(work, ['fetch', '-q', world.remote('alice', 'acme/web'), `refs/heads/${branch}`]);
  return git(work, ['show', `FETCH_HEAD:${GREETING}`]);
}
