import { describe, expect, it } from '@jest/globals';
import { tally } from '../../conftest/faults/effort.ts';
import { Life, Points } from '../../conftest/faults/points.ts';
import { PostgresGate } from '../../conftest/faults/postgres-gate.ts';
import { ServeProcess, until } from '../../conftest/faults/processes.ts';
import { aStory } from '../../conftest/story.ts';

/** A heartbeat every ten seconds, five for its answer; and what a loaded machine takes longer. */
const NOTICED_MS = 20_000;

describe('connections to PostgreSQL that lead nowhere, with nobody told', () => {
  it.each([
    ['the journal of a landing', /landing_step/],
    ['what a landing came to', /\bstaging\b.*pull_request|pull_request.*\bstaging\b/],
  ])(
    'are noticed and replaced, and the commit of %s, of which nobody heard, is not doubled (F-036)',
    async (_, commit) => {
      await using story = await aStory({ branches: ['18.0', 'master'] });
      story.ignoreComments();
      await story.bot.stop();
      const app = story.repository();
      const points = new Points();
      const url = story.config.database.url?.reveal() ?? '';
      const gate = await PostgresGate.open(new Life(points), url);
      const serve = await ServeProcess.start(story, 'served', { database: gate.url });
      try {
        await serve.receive(story);
        const pull = await app.pullRequest({ name: 'change' });
        await pull.passes();
        await pull.comment('r+');
        await until('a staging', () => app.head('staging.master'), [serve]);
        const lost = gate.forgetAt(commit);
        await app.branch('staging.master').passes();
        await lost;
        const lostAt = Date.now();

        const noticed = await until(
          'the listener to notice',
          () =>
            Promise.resolve(serve.lines.find((line) => /^listener lost/.test(line.msg)) ?? null),
          [serve],
        );
        expect(Number(noticed['time']) - lostAt).toBeLessThan(NOTICED_MS);
        await until('the landing', async () => ((await pull.isClosed()) ? true : null), [serve]);
      } finally {
        expect(await serve.stop()).toBe(0);
        gate.close();
      }
      tally('faults', 1);
      await story.restartBot(); // who judges what was left
      expect(await app.refLog('refs/heads/master')).toHaveLength(1 + 1);
    },
  );
});
