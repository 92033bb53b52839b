import { describe, expect, it } from '@jest/globals';
import { tally } from '../../conftest/faults/effort.ts';
import { OwnCluster } from '../../conftest/faults/own-cluster.ts';
import { Life, Points } from '../../conftest/faults/points.ts';
import { PostgresGate } from '../../conftest/faults/postgres-gate.ts';
import { ServeProcess, until } from '../../conftest/faults/processes.ts';
import { redeliverFailed } from '../../conftest/faults/redeliver.ts';
import { aStory, type Story } from '../../conftest/story.ts';
import { Secret } from '../../../src/lib/secret.ts';

const RECOVERED_MS = 10_000;
const AWAY_MS = 25_000;

/** A story of a `serve` on a PostgreSQL of its own. */
async function withOwnCluster(
  tell: (told: {
    story: Story;
    serve: ServeProcess;
    gate: PostgresGate;
    cluster: OwnCluster;
  }) => Promise<void>,
): Promise<void> {
  await using cluster = await OwnCluster.start();
  await using story = await aStory({ branches: ['18.0', 'master'] });
  story.ignoreComments();
  await story.bot.stop();
  const gate = await PostgresGate.open(new Life(new Points()), cluster.url);
  const serve = await ServeProcess.start(story, 'served', { database: gate.url });
  try {
    await serve.receive(story);
    await tell({ story, serve, gate, cluster });
  } finally {
    expect(await serve.stop()).toBe(0);
    gate.close();
  }
  story.forgiven.push(/^I-20 ping /); // taken by the bot that made the world, on another database
  story.config = { ...story.config, database: { url: new Secret(cluster.url) } };
  await story.restartBot(); // who judges what was left
}

/** Starts PostgreSQL again, and sees that the bot is ready soon. */
async function startAgain(cluster: OwnCluster, gate: PostgresGate, serve: ServeProcess) {
  await cluster.startAgain();
  gate.leadTo(cluster.url);
  const since = Date.now();
  await until('readiness', async () => ((await serve.get('/readyz')).ok ? true : null), [serve]);
  expect(Date.now() - since).toBeLessThan(RECOVERED_MS);
}

describe('a PostgreSQL that is killed', () => {
  it.each([
    ['the journal of a landing', /landing_step/],
    ['what a landing came to', /update staging\.state.*|update batch\.merged.*/],
    ['a port', /insert (?:port|pull_request)\b.*|forwardport/],
  ])('at the commit of %s is back soon, and the work ends as ever (F-027)', async (_, commit) => {
    await withOwnCluster(async ({ story, serve, gate, cluster }) => {
      const app = story.repository();
      const pull = await app.pullRequest({ name: 'change', onto: '18.0' });
      await pull.passes();
      await pull.comment('r+');
      await until('a staging', () => app.head('staging.18.0'), [serve]);
      const reached = gate.passes(commit);
      await app.branch('staging.18.0').passes();
      await reached;
      await cluster.crash();
      await startAgain(cluster, gate, serve);
      await redeliverFailed(story);

      await until('the landing', async () => ((await pull.isClosed()) ? true : null), [serve]);
      await until('the port', async () => ((await app.ports()).length > 0 ? true : null), [serve]);
      expect(await app.refLog('refs/heads/18.0')).toHaveLength(1 + 1);
      expect(await app.ports()).toHaveLength(1);
      tally('faults', 1);
    });
  });

  it('and stays away loses no webhook, is not besieged meanwhile, and is found soon (F-030)', async () => {
    await withOwnCluster(async ({ story, serve, gate, cluster }) => {
      const app = story.repository();
      const pull = await app.pullRequest({ name: 'change' });
      await pull.comment('r+');
      await until('the approval', async () => ((await pull.reactions()).length > 0 ? true : null), [
        serve,
      ]);

      await cluster.crash();
      const asked = gate.asked;
      const end = Date.now() + AWAY_MS;
      await pull.passes();
      await pull.comment('override ci/other');
      await story.control('GET', '/_sim/idle?timeout_ms=10000');
      await until('the time to pass', () => Promise.resolve(Date.now() > end ? true : null));
      const told = (await story.control('GET', '/_sim/deliveries')) as { status_code: number }[];
      expect(told.slice(-2).map((one) => one.status_code)).toEqual([503, 503]);
      expect(gate.asked - asked).toBeLessThan(50);

      await startAgain(cluster, gate, serve);
      await redeliverFailed(story);
      await until('a staging', () => app.head('staging.master'), [serve]);
      await app.branch('staging.master').passes();
      await until('the landing', async () => ((await pull.isClosed()) ? true : null), [serve]);
      tally('faults', 1);
    });
  });
});
