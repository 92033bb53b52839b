import { describe, expect, it } from '@jest/globals';
import { tally } from '../conftest/faults/effort.ts';
import { findPusher, ServeProcess, until } from '../conftest/faults/processes.ts';
import type { TestPull } from '../conftest/pull.ts';
import { aStory, type Story } from '../conftest/story.ts';

const NAMES = ['one', 'two', 'three'];

/** Two linked pull requests, approved; CI answers by itself. */
async function propose(story: Story, name: string): Promise<TestPull[]> {
  const pulls: TestPull[] = [];
  for (const repository of story.repositories) {
    const pull = await repository.pullRequest({ name, adds: { [name]: `${name}\n` } });
    await pull.comment('r+');
    pulls.push(pull);
  }
  return pulls;
}

const merged = (pulls: readonly TestPull[]) =>
  until('the pull requests to be merged and closed', async () => {
    const closed = await Promise.all(pulls.map((pull) => pull.isClosed()));
    return closed.every(Boolean) ? true : null;
  });

/** Pushes to a target of the second repository take a while: time to do something to who pushes. */
async function slowSecondTarget(story: Story, delayMs: number): Promise<void> {
  await story.control('POST', '/_sim/faults', {
    match: { path: '/acme/web.git/git-receive-pack', actor: 'stagecoach' },
    effect: { delay_ms: delayMs },
    times: 3, // staging branch, rehearsal, target
  });
}

/** Who is pushing to the second target just now, the first one having moved. */
async function pusherOfSecond(
  story: Story,
  { serves, name }: { serves: readonly ServeProcess[]; name: string },
): Promise<ServeProcess> {
  const app = story.repository('app');
  await until(`${name} on the first target`, async () =>
    name in (await app.files('master')) ? true : null,
  );
  return until('a push to the second target', () => findPusher(serves));
}

describe('three processes on one database', () => {
  it('share the work, and neither a stopped, a killed nor a replaced one loses or doubles any (I-50, F-019 to F-021, F-117)', async () => {
    await using story = await aStory({
      repositories: ['app', 'web'],
      branches: ['18.0', 'master'],
    });
    story.ignoreComments();
    await story.bot.stop();
    await story.control('PUT', '/_sim/ci', {
      rules: [{ context: 'ci/test', result: 'success', after_ms: 1 }],
    });
    let serves = await Promise.all(NAMES.map((name) => ServeProcess.start(story, name)));
    const [first] = serves;
    try {
      await first!.receive(story);
      await merged(await propose(story, 'calm'));
      expect(serves.filter((one) => one.works > 0).length).toBeGreaterThan(1);

      await slowSecondTarget(story, 700);
      const stopped = await propose(story, 'stopped');
      const sleeper = await pusherOfSecond(story, { serves, name: 'stopped' });
      sleeper.signal('SIGSTOP');
      if (sleeper === first) await serves[1]!.receive(story);
      await merged(stopped);
      sleeper.signal('SIGCONT');

      await slowSecondTarget(story, 700);
      const killed = await propose(story, 'killed');
      const victim = await pusherOfSecond(story, { serves, name: 'killed' });
      victim.signal('SIGKILL'); // its git lives on, and pushes
      serves = serves.filter((one) => one !== victim);
      await serves[0]!.receive(story);
      await merged(killed);

      await slowSecondTarget(story, 700);
      const replaced = await propose(story, 'replaced');
      await pusherOfSecond(story, { serves, name: 'replaced' });
      const fresh = await ServeProcess.start(story, 'four');
      await fresh.receive(story);
      const codes = await Promise.all(serves.map((one) => one.stop()));
      serves = [fresh];
      expect(codes).toEqual(codes.map(() => 0));
      await merged(replaced);
      await story.control('GET', '/_sim/idle?timeout_ms=10000');
    } finally {
      await Promise.all(serves.map((one) => one.stop()));
    }
    tally('processes', 7);
    await story.restartBot(); // who judges what they left
    for (const repository of story.repositories) {
      expect(await repository.refLog('refs/heads/master')).toHaveLength(1 + 4);
      expect(Object.keys(await repository.files('master'))).toEqual(
        expect.arrayContaining(['calm', 'stopped', 'killed', 'replaced']),
      );
    }
  }, 180_000);
});
