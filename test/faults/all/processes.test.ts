import { describe, expect, it } from '@jest/globals';
import { tally } from '../../conftest/faults/effort.ts';
import { ServeProcess, until } from '../../conftest/faults/processes.ts';
import { arrivalOf, type Held, Turnstiles } from '../../conftest/faults/turnstiles.ts';
import type { TestPull } from '../../conftest/pull.ts';
import { aStory, type Story } from '../../conftest/story.ts';

const NAMES = ['one', 'two', 'three'];

/** Two linked pull requests, approved; CI answers by itself. */
async function propose(story: Story, name: string): Promise<TestPull[]> {
  const pulls: TestPull[] = [];
  for (const repository of story.repositories) {
    pulls.push(await repository.pullRequest({ name, adds: { [name]: `${name}\n` } }));
  }
  for (const pull of pulls) await pull.comment('r+'); // when all are there: one alone might land alone
  return pulls;
}

const merged = (pulls: readonly TestPull[], by: readonly ServeProcess[]) =>
  until(
    'the pull requests to be merged and closed',
    async () => {
      const closed = await Promise.all(pulls.map((pull) => pull.isClosed()));
      return closed.every(Boolean) ? true : null;
    },
    by,
  );

/** The push which moves the second target, the first one having moved. */
const SECOND = 'push acme/web master';

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
    const turnstiles = new Turnstiles(story.sim);
    const start = async (name: string) =>
      ServeProcess.start(story, name, { github: await turnstiles.open(name) });
    let serves: ServeProcess[] = [];
    /** Proposes, and stops when the first target has moved and the second is about to. */
    const halfLanded = async (name: string): Promise<{ pulls: TestPull[]; push: Held }> => {
      const held = turnstiles.hold(SECOND);
      const pulls = await propose(story, name);
      const push = await until('the second push', () => arrivalOf(held), serves);
      expect(await story.repository('app').files('master')).toHaveProperty(name);
      return { pulls, push };
    };
    const all = await Promise.all(NAMES.map(start));
    serves = [...all];
    const [first] = serves;
    try {
      await first!.receive(story);
      await merged(await propose(story, 'calm'), serves);

      const stopped = await halfLanded('stopped');
      const sleeper = serves.find(({ name }) => name === stopped.push.name)!;
      sleeper.signal('SIGSTOP');
      if (sleeper === first) await serves[1]!.receive(story);
      await merged(stopped.pulls, serves);
      sleeper.signal('SIGCONT');
      stopped.push.release(); // what it was about to push comes late

      const killed = await halfLanded('killed');
      const victim = serves.find(({ name }) => name === killed.push.name)!;
      victim.signal('SIGKILL');
      await victim.ended;
      killed.push.release(); // its git lived on, and pushes
      serves = serves.filter((one) => one !== victim);
      await serves[0]!.receive(story);
      await merged(killed.pulls, serves);

      const replaced = await halfLanded('replaced');
      const fresh = await start('four');
      await fresh.receive(story);
      const stopping = Promise.all(serves.map((one) => one.stop()));
      replaced.push.release();
      const codes = await stopping;
      serves = [fresh];
      expect(codes).toEqual(codes.map(() => 0));
      await merged(replaced.pulls, serves);
      await story.control('GET', '/_sim/idle?timeout_ms=10000');
    } finally {
      await Promise.all(serves.map((one) => one.stop()));
      turnstiles.close();
    }
    expect(all.filter((one) => one.works > 0).length).toBeGreaterThan(1);
    tally('processes', 7);
    await story.restartBot(); // who judges what they left
    for (const repository of story.repositories) {
      expect(await repository.refLog('refs/heads/master')).toHaveLength(1 + 4);
      expect(Object.keys(await repository.files('master'))).toEqual(
        expect.arrayContaining(['calm', 'stopped', 'killed', 'replaced']),
      );
    }
  }, 600_000);
});
