import { describe, expect, it } from '@jest/globals';
import { tally } from '../../conftest/faults/effort.ts';
import { OwnCluster } from '../../conftest/faults/own-cluster.ts';
import { ServeProcess, until } from '../../conftest/faults/processes.ts';
import { redeliverFailed } from '../../conftest/faults/redeliver.ts';
import { full, readOnly } from '../../conftest/faults/refusing-database.ts';
import { aStory } from '../../conftest/story.ts';
import { Secret } from '../../../src/lib/secret.ts';

const REFUSES_MS = 10_000;
/** Tries wait longer and longer; asking here whether it is ready costs a line each. */
const LINES_A_SECOND = 10;

describe('a database that refuses', () => {
  it.each([
    ['writes', '25006', readOnly],
    ['connections', '53300', full],
  ])(
    '%s (%s) makes the bot not ready; it takes no webhook, storms nobody, and goes on by itself (F-041)',
    async (_, code, refuse) => {
      await using cluster = await OwnCluster.start();
      await using story = await aStory({ branches: ['18.0', 'master'] });
      story.ignoreComments();
      await story.bot.stop();
      const serve = await ServeProcess.start(story, 'served', { database: cluster.url });
      const app = story.repository();
      try {
        await serve.receive(story);
        const pull = await app.pullRequest({ name: 'change' });
        await pull.comment('r+');
        const approved = async () => ((await pull.reactions()).length > 0 ? true : null);
        await until('the approval', approved, [serve]);

        const stop = await refuse(cluster.url);
        const said = serve.lines.length;
        const end = Date.now() + REFUSES_MS;
        await pull.passes();
        await story.control('GET', '/_sim/idle?timeout_ms=10000');
        const told = (await story.control('GET', '/_sim/deliveries')) as { status_code: number }[];
        expect(told.at(-1)).toMatchObject({ event: 'status', status_code: 503 });
        await until('the time to pass', () => Promise.resolve(Date.now() > end ? true : null));
        expect((await serve.get('/readyz')).status).toBe(503);
        const lines = serve.lines.slice(said);
        expect(lines.length).toBeLessThan((LINES_A_SECOND * REFUSES_MS) / 1000);
        expect(JSON.stringify(lines)).toContain(`"code":"${code}"`);

        await stop();
        const ready = async () => ((await serve.get('/readyz')).ok ? true : null);
        await until('readiness', ready, [serve]);
        await redeliverFailed(story);
        await until('a staging', () => app.head('staging.master'), [serve]);
        await app.branch('staging.master').passes();
        await until('the landing', async () => ((await pull.isClosed()) ? true : null), [serve]);
      } finally {
        expect(await serve.stop()).toBe(0);
      }
      tally('faults', 1);
      story.forgiven.push(/^I-20 ping /); // taken by the bot that made the world, on another database
      story.config = { ...story.config, database: { url: new Secret(cluster.url) } };
      await story.restartBot(); // who judges what was left
    },
  );
});
