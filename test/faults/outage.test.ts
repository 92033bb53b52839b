import { describe, expect, it } from '@jest/globals';
import { tally } from '../conftest/faults/effort.ts';
import { Life, Points } from '../conftest/faults/points.ts';
import { PostgresGate } from '../conftest/faults/postgres-gate.ts';
import { ServeProcess, until } from '../conftest/faults/processes.ts';
import { redeliverFailed } from '../conftest/faults/redeliver.ts';
import { aStory } from '../conftest/story.ts';

describe('a running bot whose PostgreSQL goes away', () => {
  it('tells GitHub that it takes nothing, and goes on when it is back (F-027, F-030, F-037, F-038)', async () => {
    await using story = await aStory({ branches: ['18.0', 'master'] });
    story.ignoreComments();
    await story.bot.stop();
    const app = story.repository();
    const url = story.config.database.url?.reveal() ?? '';
    const gate = await PostgresGate.open(new Life(new Points()), url);
    const serve = await ServeProcess.start(story, 'served', { database: gate.url });
    try {
      await serve.receive(story);
      const pull = await app.pullRequest({ name: 'change' });
      await pull.comment('r+');
      await until('the approval', async () => ((await pull.reactions()).length > 0 ? true : null));

      gate.shut();
      await pull.passes();
      await story.control('GET', '/_sim/idle?timeout_ms=10000');
      const deliveries = (await story.control('GET', '/_sim/deliveries')) as Told[];
      expect(deliveries.at(-1)).toMatchObject({ event: 'status', status_code: 503 });

      gate.reopen();
      await redeliverFailed(story);
      await until('a staging', () => app.head('staging.master'));
      await app.branch('staging.master').passes();
      await until('the landing', async () => ((await pull.isClosed()) ? true : null));
    } finally {
      expect(await serve.stop()).toBe(0);
      gate.close();
    }
    tally('faults', 1);
    await story.restartBot(); // who judges what was left
  });
});

interface Told {
  readonly event: string;
  readonly status_code: number;
}
