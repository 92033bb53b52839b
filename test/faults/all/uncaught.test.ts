import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tally } from '../../conftest/faults/effort.ts';
import { landHalfWay } from '../../conftest/faults/half-way.ts';
import { ServeProcess, until } from '../../conftest/faults/processes.ts';
import { Turnstiles } from '../../conftest/faults/turnstiles.ts';
import { aStory } from '../../conftest/story.ts';

const TEXT = 'nobody caught tok-stagecoach';

describe('an error that nobody catches', () => {
  it.each([
    ['thrown', `throw new Error('${TEXT}')`, 'uncaughtException'],
    ['rejected', `Promise.reject(new Error('${TEXT}'))`, 'unhandledRejection'],
  ])(
    'and that was %s in the middle of a landing ends the process, told by its log; the next one ends the landing (F-023)',
    async (_, fault, origin) => {
      await using story = await aStory({
        repositories: ['app', 'web'],
        branches: ['18.0', 'master'],
      });
      story.ignoreComments();
      await story.bot.stop();
      const module = join(story.folder, 'fault.mjs');
      writeFileSync(module, `process.on('SIGUSR2', () => setTimeout(() => { ${fault} }, 1));\n`);
      const turnstiles = new Turnstiles(story.sim);
      const github = await turnstiles.open('faulty');
      const serve = await ServeProcess.start(story, 'faulty', {
        github,
        node: ['--import', module],
      });
      await serve.receive(story);
      const { pulls, push } = await landHalfWay(story, { serve, turnstiles });
      serve.signal('SIGUSR2');
      expect(await serve.ended).toBe(1);
      push.release();
      turnstiles.close();
      expect(serve.lines.at(-1)).toMatchObject({ level: 50, origin });
      expect(serve.lines.at(-1)?.['err']).toMatchObject({ message: 'nobody caught ***' });

      const next = await ServeProcess.start(story, 'next');
      try {
        await next.receive(story);
        for (const pull of pulls)
          await until('the closing', async () => ((await pull.isClosed()) ? true : null), [next]);
      } finally {
        expect(await next.stop()).toBe(0);
      }
      tally('processes', 2);
      await story.restartBot(); // who judges what was left
    },
  );
});
