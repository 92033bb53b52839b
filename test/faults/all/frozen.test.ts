import { describe, expect, it } from '@jest/globals';
import { tally } from '../../conftest/faults/effort.ts';
import { LockHolder } from '../../conftest/faults/lock-holder.ts';
import { ServeProcess, until } from '../../conftest/faults/processes.ts';
import { arrivalOf, Turnstiles } from '../../conftest/faults/turnstiles.ts';
import { aStory } from '../../conftest/story.ts';

describe('a process that is frozen in the middle of a transaction', () => {
  it('keeps its locks from the others no longer than a lease (F-021, F-024)', async () => {
    await using story = await aStory({ branches: ['18.0', 'master'] });
    story.ignoreComments();
    await story.bot.stop();
    const turnstiles = new Turnstiles(story.sim);
    const start = async (name: string) =>
      ServeProcess.start(story, name, { github: await turnstiles.open(name) });
    const serves = [await start('one'), await start('two')];
    const app = story.repository();
    try {
      await serves[0]!.receive(story);
      const pull = await app.pullRequest({ name: 'change' });
      await pull.passes();
      await pull.comment('r+');
      const landing = turnstiles.hold('push acme/app master');
      await until('a staging', () => app.head('staging.master'), serves);
      await app.branch('staging.master').passes();
      const push = await until('the push', () => arrivalOf(landing), serves);
      const [frozen, other] =
        push.name === 'one' ? [serves[0]!, serves[1]!] : [serves[1]!, serves[0]!];
      await other.receive(story);

      const url = story.config.database.url?.reveal() ?? '';
      {
        await using holder = await LockHolder.lock(
          url,
          `select from cron where name = 'merge' for update`,
        );
        push.release();
        await holder.isWaitedFor('select active from cron%for share%'); // the fence of what it writes next
        frozen.signal('SIGSTOP');
        await holder.release(); // and now the row is its own, in a transaction that it does not go on with
      }
      await until('the landing', async () => ((await pull.isClosed()) ? true : null), [other]);
      frozen.signal('SIGCONT');
    } finally {
      const codes = await Promise.all(serves.map((one) => one.stop()));
      turnstiles.close();
      expect(codes).toEqual([0, 0]);
    }
    tally('processes', 2);
    await story.restartBot(); // who judges what they left
    expect(await app.refLog('refs/heads/master')).toHaveLength(1 + 1);
  });
});
