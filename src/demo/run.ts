import { mkdtemp, mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DemoOptions } from '../cli/parts.ts';
import { untilStopped } from '../cli/signals.ts';
import { systemClock } from '../lib/clock.ts';
import { claimPlace } from './mark.ts';
import type { Mark } from './mark.ts';
import { playStory } from './story.ts';
import type { Tell } from './story.ts';
import { startWorld } from './world.ts';
import type { DemoWorld } from './types.ts';

const USUAL_PORTS = { github: 8400, bot: 8300 };
const NO_PORTS = { github: 0, bot: 0 };

/**
 * Starts the demo world, plays its story, and keeps running until it is stopped; with `once` it ends after the story.
 *
 * @returns 0. A step that did not happen is thrown, and ends with another exit code.
 */
export async function runDemo({ once, story }: DemoOptions): Promise<number> {
  const started = systemClock.now().getTime();
  const seconds = (): string =>
    ((systemClock.now().getTime() - started) / 1000).toFixed(1).padStart(5);
  const tell: Tell = (text) => void process.stdout.write(`${seconds()} s  ${text}\n`);
  const { folder, mark } = await prepareFolder(once);
  const stopped = untilStopped();
  try {
    const world = await startWorld({ folder, ports: once ? NO_PORTS : await usualPorts() });
    try {
      await mark?.tell(world.bot);
      greet(world, tell);
      if (story && !(await playUntil(stopped, world, tell))) return once ? 1 : 0;
      summarise(world, { once, story }, tell);
      if (!once) await stopped;
    } finally {
      await world.stop();
    }
  } catch (error) {
    await printTroubles(folder, tell); // the folder goes, and with it the log
    throw error;
  } finally {
    if (once) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    await mark?.remove();
  }
  return 0;
}

/** The last warnings and errors of the bot: pino's levels 40 and above. */
async function printTroubles(folder: string, tell: Tell): Promise<void> {
  const log = await readFile(join(folder, 'bot.log'), 'utf8').catch(() => ''); // it may not have got that far
  const lines = log.split('\n').filter((line) => /^\{"level":[4-6]0/.test(line));
  for (const line of lines.slice(-3)) tell(`the bot's log: ${line.slice(0, 700)}`);
}

/** @returns false when somebody ended it before the story did. */
async function playUntil(
  stopped: Promise<unknown>,
  world: DemoWorld,
  tell: Tell,
): Promise<boolean> {
  const told = playStory(world, tell).then(() => true);
  told.catch(() => undefined); // when it was stopped, nobody waits for the step it was in
  return Promise.race([told, stopped.then(() => false)]);
}

/**
 * A world lives as long as its simulator, which keeps nothing: what an earlier one left is of no use. The folder of one
 * that still runs is never taken away; a short one has a folder of its own, and disturbs nobody.
 */
async function prepareFolder(
  once: boolean,
): Promise<{ readonly folder: string; readonly mark: Mark | null }> {
  if (once) return { folder: await mkdtemp(join(tmpdir(), 'stagecoach-demo-')), mark: null };
  const folder = resolve('.stagecoach', 'demo');
  const mark = await claimPlace(`${folder}.json`);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  await mkdir(folder, { recursive: true });
  return { folder, mark };
}

/** The ports of the documentation where they are free, so that addresses can be remembered. */
async function usualPorts(): Promise<typeof USUAL_PORTS> {
  const [github, bot] = await Promise.all([isFree(USUAL_PORTS.github), isFree(USUAL_PORTS.bot)]);
  return { github: github ? USUAL_PORTS.github : 0, bot: bot ? USUAL_PORTS.bot : 0 };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer();
    server.once('error', () => answer(false));
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)));
  });
}

function greet({ bot, github }: DemoWorld, tell: Tell): void {
  tell(`the bot and its dashboard: ${bot}`);
  tell(`the simulated GitHub:      ${github}/acme/stagecoach and ${github}/acme/web`);
}

function summarise(
  { bot, github, folder }: DemoWorld,
  { once, story }: DemoOptions,
  tell: Tell,
): void {
  if (once) {
    tell(
      'everything happened: 3 changes landed together on 17.0, 6 ports, 1 conflict solved, all merged up to master',
    );
    return;
  }
  const talk = [
    `  comment on a pull request       ${github}/acme/web/pull/1  ("@stagecoach help")`,
    `  why is it not merging?          npx stagecoach pr why acme/web#1 --config ${folder}/stagecoach.yml`,
  ];
  const lines = [
    '',
    story ? 'The story is told; the world goes on.' : 'The world is empty and runs.',
    `  look at the dashboard           ${bot}`,
    ...(story ? talk : []),
    '  its people                      alice writes, rita reviews and is admin; their tokens: tok-alice, tok-rita',
    `  make CI red                     curl -X PUT ${github}/_sim/ci -H 'content-type: application/json' \\`,
    `                                    -d '{"rules":[{"context":"ci/test","result":"failure"}]}'`,
    '                                  and green again with "success"; for what is pushed from then on',
    `  turn porting off, and on again  npx stagecoach cron disable forwardport --config ${folder}/stagecoach.yml`,
    '  end it                          Ctrl-C',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
