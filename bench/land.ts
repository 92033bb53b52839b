import { callJson, until } from '../src/demo/http.ts';
import { mergeCost } from './cost.ts';
import { aGitHub, type BenchGitHub, type RefMove } from './a-github.ts';
import { type Report, timeOf } from './figures.ts';

const RUNS = 15;

/** From the last green status to the moved target, over HTTP and git, beside a bare push of one commit. */
export async function land(): Promise<Report> {
  const cost = await mergeCost();
  await using world = await aGitHub();
  const ours: number[] = [];
  const push: number[] = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const staged = await stageChange(world, `change-${run}`);
    ours.push(await landStaged(world, staged));
    await rest(world);
    await world.git('fetch', '--quiet', 'origin', 'plain');
    await world.git('checkout', '--quiet', '--detach', 'FETCH_HEAD');
    await world.git('commit', '--quiet', '--allow-empty', '-m', 'Plain');
    push.push(await timeOf(() => world.git('push', '--quiet', 'origin', 'HEAD:refs/heads/plain')));
    await rest(world);
  }
  return {
    bench: 'land',
    about:
      'last green status sent → target moved, as the simulator saw it: webhook, verdict, journal, proof, rehearsal, push',
    series: [
      { name: 'stagecoach', unit: 'ms', values: ours.slice(1) },
      { name: 'one bare git push', unit: 'ms', values: push.slice(1) },
    ],
    targets: [cost],
  };
}

/** @returns the head of the staging, once CI could begin. */
async function stageChange(world: BenchGitHub, branch: string): Promise<string> {
  const seen = (await moves(world)).length;
  await world.pushChange(branch);
  const wanted = { title: `Add ${branch}`, head: branch, base: 'master' };
  const pull = await world.as<{ number: number }>('root', 'POST', '/repos/acme/app/pulls', wanted);
  const comments = `/repos/acme/app/issues/${pull.number}/comments`;
  await world.as('rita', 'POST', comments, { body: '@stagecoach r+' });
  const staged = await until('the staging', async () => {
    const news = (await moves(world)).slice(seen);
    return news.find((move) => move.ref === 'refs/heads/staging.master')?.to;
  });
  await rest(world);
  return staged;
}

async function landStaged(world: BenchGitHub, head: string): Promise<number> {
  const begun = Date.now();
  const status = { state: 'success', context: 'ci/test' };
  await world.as('ci', 'POST', `/repos/acme/app/statuses/${head}`, status);
  const moved = await until('the landing', async () =>
    (await moves(world)).find((move) => move.ref === 'refs/heads/master' && move.to === head),
  );
  return Date.parse(moved.at) - begun;
}

async function moves(world: BenchGitHub): Promise<RefMove[]> {
  const answer = await world.control<RefMove[] | { items: RefMove[] }>('GET', 'refs-log');
  return Array.isArray(answer) ? answer : answer.items;
}

/** Nothing under way on either side: what is measured next has the machine to itself. */
async function rest(world: BenchGitHub): Promise<void> {
  await until('rest', async () => {
    await world.control('GET', 'idle?timeout_ms=10000');
    return (await callJson<{ idle: boolean }>(`${world.bot}/api/status`)).idle;
  });
}
