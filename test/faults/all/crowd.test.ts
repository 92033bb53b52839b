import { describe, expect, it } from '@jest/globals';
import { Crowd } from '../../conftest/faults/crowd.ts';
import { tally } from '../../conftest/faults/effort.ts';
import { landHalfWay } from '../../conftest/faults/half-way.ts';
import { ServeProcess, until } from '../../conftest/faults/processes.ts';
import { redeliverFailed } from '../../conftest/faults/redeliver.ts';
import { Turnstiles } from '../../conftest/faults/turnstiles.ts';
import { aStory } from '../../conftest/story.ts';

describe('more callers than there are file descriptors', () => {
  it('are refused, said once, while a landing goes on, and forgotten when they leave (F-114)', async () => {
    await using story = await aStory({
      repositories: ['app', 'web'],
      branches: ['18.0', 'master'],
    });
    story.ignoreComments();
    await story.bot.stop();
    const turnstiles = new Turnstiles(story.sim);
    const github = await turnstiles.open('served');
    const serve = await ServeProcess.start(story, 'served', { github, limit: 'ulimit -n 160' });
    try {
      await serve.receive(story);
      const { pulls, push } = await landHalfWay(story, { serve, turnstiles });

      const crowd = new Crowd(serve.url, 400);
      const full = /^too many connections/;
      await until('a full house', () => Promise.resolve(crowd.refused > 400 ? true : null), [
        serve,
      ]);
      push.release();
      await until(
        'the landing',
        async () => ((await story.repository('web').files('master'))['change'] ? true : null),
        [serve],
      );
      crowd.leave();
      // the last of them may still be on their way out: whoever comes too early is sent away as well
      const isReady = () =>
        serve.get('/readyz').then(
          ({ ok }) => (ok ? true : null),
          () => null,
        );
      await until('an answer', isReady, [serve]);
      await redeliverFailed(story);
      for (const pull of pulls)
        await until('the closing', async () => ((await pull.isClosed()) ? true : null), [serve]);
      expect(serve.lines.filter((line) => full.test(line.msg))).toHaveLength(1);
    } finally {
      expect(await serve.stop()).toBe(0);
      turnstiles.close();
    }
    tally('faults', 1);
    await story.restartBot(); // who judges what was left
  });
});
