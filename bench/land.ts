import { callJson, until } from '../src/demo/http.ts';
import { mergeCost } from './cost.ts';
import { aGitHub, type BenchGitHub, type RefMove } from './a-github.ts';
import { atMost, figure, type Report, timeOf } from './figures.ts';

const RUNS = 15;
const MEDIAN_MS = 1_000;
const REPOSITORIES = ['app', 'web'] as const;

/** From the last green status to both moved targets, over HTTP and git, beside a bare push of one commit. */
export async function land(): Promise<Report> {
  const cost = await mergeCost();
  await using world = await aGitHub({ others: ['web'] });
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
      'last green status sent → targets of two repositories moved, as the simulator saw it: webhook, verdict, journal, proof, rehearsal, push',
    series: [
      { name: 'stagecoach', unit: 'ms', values: ours.slice(1) },
      { name: 'one bare git push', unit: 'ms', values: push.slice(1) },
    ],
    targets: [atMost(MEDIAN_MS, figure(ours.slice(1), 'median'), 'median in ms'), cost],
    residentMb: await world.botMemory(),
  };
}

/** @returns the heads of the staging, by repository, once CI could begin. */
async function stageChange(world: BenchGitHub, branch: string): Promise<Map<string, string>> {
  const seen = (await moves(world)).length;
  const comments: string[] = [];
  for (const name of REPOSITORIES) {
    await world.pushChange(branch, name === 'app' ? 'origin' : name);
    const wanted = { title: `Add ${branch}`, head: branch, base: 'master' };
    const pulls = `/repos/acme/${name}/pulls`;
    const pull = await world.as<{ number: number }>('root', 'POST', pulls, wanted);
    comments.push(`/repos/acme/${name}/issues/${pull.number}/comments`);
  }
  await rest(world); // both are known: one batch
  for (const path of comments) await world.as('rita', 'POST', path, { body: '@stagecoach r+' });
  await rest(world);
  const heads = (await moves(world))
    .slice(seen)
    .filter((move) => move.ref === 'refs/heads/staging.master')
    .map(({ repository, to }) => [repository, to ?? ''] as const);
  return new Map(heads);
}

async function landStaged(world: BenchGitHub, heads: ReadonlyMap<string, string>): Promise<number> {
  if (heads.size !== REPOSITORIES.length) throw new Error('not staged together');
  const status = { state: 'success', context: 'ci/test' };
  let begun = 0;
  for (const [repository, head] of heads) {
    begun = Date.now(); // of the last one
    await world.as('ci', 'POST', `/repos/${repository}/statuses/${head}`, status);
  }
  const moved = await until('the landing', async () => {
    const all = (await moves(world)).filter(
      ({ ref, repository, to }) => ref === 'refs/heads/master' && heads.get(repository) === to,
    );
    return all.length === heads.size ? all : undefined;
  });
  return Math.max(...moved.map(({ at }) => Date.parse(at))) - begun;
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
