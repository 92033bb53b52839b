import { callJson, until } from '../src/demo/http.ts';
import { aGitHub, type BenchGitHub } from './a-github.ts';
import type { Target } from './figures.ts';

const PULLS = 20;
const LINKED = 12;
const MOST_CALLS = 12;

/** A line of the simulator's log of calls. */
interface Call {
  readonly actor: string | null;
  readonly method: string;
  readonly path: string;
  readonly operation: string;
}

/**
 * What merging costs at GitHub: 20 pull requests in two repositories, twelve of them linked in pairs, are opened, approved,
 * staged and landed; every call the bot makes meanwhile is counted by the simulator's log, with all it says, reacts,
 * labels, closes and records.
 */
export async function mergeCost(): Promise<Target> {
  await using world = await aGitHub({ others: ['web'] });
  await world.control('PUT', 'ci', {
    rules: [{ context: 'ci/test', result: 'success', after_ms: 0 }],
  });
  await world.control('DELETE', 'requests');
  const pulls: string[] = [];
  for (let n = 0; n < PULLS; n += 1) pulls.push(await openChange(world, n));
  for (const path of pulls) {
    const comments = `${path.replace('/pulls/', '/issues/')}/comments`;
    await world.as('rita', 'POST', comments, { body: '@stagecoach r+' });
  }
  for (const path of pulls) await untilClosed(world, path);
  await until(
    'rest',
    async () => (await callJson<{ idle: boolean }>(`${world.bot}/api/status`)).idle,
  );
  return judge(await world.control<Call[]>('GET', 'requests'));
}

/** The first twelve are linked in pairs by the names of their branches. @returns where the pull request is. */
async function openChange(world: BenchGitHub, n: number): Promise<string> {
  const repository = n % 2 === 0 ? 'app' : 'web';
  const branch = n < LINKED ? `pair-${Math.floor(n / 2)}` : `lone-${n}`;
  await world.pushChange(branch, repository === 'app' ? 'origin' : repository);
  const wanted = { title: `Add ${branch}`, head: branch, base: 'master' };
  const path = `/repos/acme/${repository}/pulls`;
  const { number } = await world.as<{ number: number }>('root', 'POST', path, wanted);
  return `${path}/${number}`;
}

function untilClosed(world: BenchGitHub, path: string): Promise<true> {
  return until(`the end of ${path}`, async () => {
    const pull = await world.as<{ state: string }>('ci', 'GET', path);
    return pull.state === 'closed' || undefined;
  });
}

/** Public repositories are read without an account; nobody but the bot fetches here. */
function judge(calls: readonly Call[]): Target {
  const isGit = ({ path }: Call) => path.includes('.git/');
  const ours = calls.filter(({ actor }) => actor === 'stagecoach');
  const api = ours.filter((call) => !isGit(call));
  const kinds = new Map<string, number>();
  for (const { operation } of api) kinds.set(operation, (kinds.get(operation) ?? 0) + 1);
  const list = [...kinds].map(([name, count]) => `${name} ${perPull(count)}`).join(', ');
  const fetches = calls.filter((call) => isService(call, 'git-upload-pack')).length;
  const pushes = ours.filter((call) => isService(call, 'git-receive-pack')).length;
  return {
    wanted: `calls of GitHub's API per merged pull request, at most ${MOST_CALLS}`,
    found: `${perPull(api.length)} (${list}); beside them ${perPull(fetches)} git fetches and ${perPull(pushes)} pushes`,
    reached: api.length <= MOST_CALLS * PULLS,
  };
}

function isService({ path, method }: Call, service: string): boolean {
  return method === 'POST' && path.endsWith(service);
}

function perPull(count: number): number {
  return Number((count / PULLS).toFixed(2));
}
