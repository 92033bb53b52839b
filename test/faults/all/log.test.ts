import { describe, expect, it } from '@jest/globals';
import { tally } from '../../conftest/faults/effort.ts';
import { Life, Points } from '../../conftest/faults/points.ts';
import { PostgresGate } from '../../conftest/faults/postgres-gate.ts';
import { ServeProcess, until } from '../../conftest/faults/processes.ts';
import { aStory } from '../../conftest/story.ts';

/** With PostgreSQL away each costs the log 300 to 700 bytes: 1000 are more than a pipe holds, 5000 than the bot keeps besides. */
async function askInVain(serve: ServeProcess, times = 1000): Promise<void> {
  for (let asked = 0; asked < times; asked += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => serve.get('/metrics')));
    expect(answers.every(({ status }) => status === 503)).toBe(true);
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
  }
}

describe('a log that nobody reads any more', () => {
  it('stops neither pages nor landings, and tells what is missing once it is read again (F-122)', async () => {
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
      serve.leaveUnread();
      gate.shut();
      await askInVain(serve, 5000);
      gate.reopen();

      await until('readiness', async () => ((await serve.get('/readyz')).ok ? true : null));
      await pull.passes();
      await pull.comment('r+');
      await until('a staging', () => app.head('staging.master'));
      await app.branch('staging.master').passes();
      await until('the landing', async () => ((await pull.isClosed()) ? true : null));
      const figure = /^stagecoach_log_dropped_lines\{\} (\d+)$/m;
      const metrics = await (await serve.get('/metrics')).text();
      const dropped = Number(figure.exec(metrics)?.[1]);
      expect(dropped).toBeGreaterThan(0);

      serve.readOn();
      const told = await until('the hole to be told', () =>
        Promise.resolve(serve.lines.find((line) => 'dropped' in line) ?? null),
      );
      expect(told).toMatchObject({ level: 40, msg: expect.stringContaining('were dropped here') });
      expect(Number(told['dropped'])).toBeGreaterThanOrEqual(dropped);
    } finally {
      expect(await serve.stop()).toBe(0);
      gate.close();
    }
    expect(serve.lines.at(-1)).toMatchObject({ msg: 'stopping' });
    tally('faults', 1);
    await story.restartBot(); // who judges what was left
  });

  it.each([
    ['stays full', (serve: ServeProcess) => serve.leaveUnread()],
    ['was closed', (serve: ServeProcess) => serve.closeOutput()],
  ])('and a pipe that %s keeps nobody from stopping it (F-122)', async (_, lose) => {
    await using story = await aStory({ branches: ['18.0', 'master'] });
    await story.bot.stop();
    const url = story.config.database.url?.reveal() ?? '';
    const gate = await PostgresGate.open(new Life(new Points()), url);
    const serve = await ServeProcess.start(story, 'served', { database: gate.url });
    try {
      lose(serve);
      gate.shut();
      await askInVain(serve);
      gate.reopen();
      await until('readiness', async () => ((await serve.get('/readyz')).ok ? true : null));
    } finally {
      expect(await serve.stop()).toBe(0);
      gate.close();
    }
    tally('faults', 1);
    await story.restartBot();
  });
});
