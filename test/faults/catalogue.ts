import { chmodSync, existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MortalStory } from '../conftest/faults/mortal.ts';
import type { Trouble } from '../conftest/faults/play.ts';
import { hours } from '../conftest/clock.ts';
import { redeliverAll } from '../conftest/faults/redeliver.ts';

/** A row of the fault catalogue (reliability.md, section 3), and how it is brought about. */
export interface Row {
  readonly id: string;
  readonly what: string;
  readonly trouble: Trouble;
}

/** A fault that hits calls of the bot, as the simulator takes it. */
interface Fault {
  readonly match: object;
  readonly effect: object;
  readonly times: number;
}

/** Before the first act, so that it hits the first calls that fit. */
const faults = (...list: readonly Fault[]): Trouble => ({
  begin: async ({ story }) => {
    for (const { match, ...rest } of list)
      await story.control('POST', '/_sim/faults', {
        match: { actor: 'stagecoach', ...match },
        ...rest,
      });
  },
});

const comments = { method: 'POST', path: '/comments$' };
const reset = (afterMs: number) => String(Math.ceil((Date.now() + afterMs) / 1000));

/** GitHub and the network, by the simulator. */
export const GITHUB_ROWS: readonly Row[] = [
  {
    id: 'F-050',
    what: 'every answer is slow',
    trouble: faults({ match: {}, effect: { delay_ms: 60 }, times: 1000 }),
  },
  {
    id: 'F-052',
    what: 'a page instead of data, with 502 and with 200',
    trouble: faults(
      { match: { method: 'GET', path: '^/repos' }, effect: page(502), times: 2 },
      { match: comments, effect: page(200), times: 1 },
    ),
  },
  {
    id: 'F-053',
    what: 'a secondary limit that says how long',
    trouble: faults(
      { match: comments, effect: limit(429, { 'retry-after': '90' }), times: 1 },
      { match: { path: '/pulls/' }, effect: limit(403, { 'retry-after': '30' }), times: 1 },
    ),
  },
  {
    id: 'F-054',
    what: 'the primary limit, of REST and of GraphQL',
    trouble: faults(
      { match: comments, effect: limit(403, used()), times: 1 },
      { match: { path: '/graphql$' }, effect: graphqlLimit(), times: 1 },
    ),
  },
  {
    id: 'F-055',
    what: 'a secondary limit without a word on how long',
    trouble: faults({ match: { method: 'POST' }, effect: limit(403, {}), times: 2 }),
  },
  {
    id: 'F-056',
    what: 'a token that is refused for a while',
    trouble: faults({
      match: { path: '^/repos' },
      effect: { status: 401, body: { message: 'Bad credentials' } },
      times: 4,
    }),
  },
  {
    id: 'F-057',
    what: 'reads that lag behind writes (and F-058)',
    trouble: {
      meanwhile: async ({ story }) => {
        await story.control('PUT', '/_sim/lag', { read_ms: 250 });
      },
      after: async ({ story }) => {
        await story.control('PUT', '/_sim/lag', { read_ms: 0 }); // people are not to be led astray
      },
    },
  },
  {
    id: 'F-070',
    what: 'a network that is gone for thirty calls',
    trouble: faults({ match: {}, effect: { reset: true }, times: 30 }),
  },
  {
    id: 'F-096',
    what: 'git that answers slowly',
    trouble: faults({ match: { path: '\\.git/' }, effect: { delay_ms: 300 }, times: 1000 }),
  },
];

function page(status: number): object {
  return { status, body: '<html>Unicorn!</html>', headers: { 'content-type': 'text/html' } };
}

function limit(status: number, headers: object): object {
  return { status, headers, body: { message: 'You have exceeded a secondary rate limit' } };
}

function used(): object {
  return { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(60_000) };
}

function graphqlLimit(): object {
  return { status: 200, body: { errors: [{ type: 'RATE_LIMITED', message: 'limit' }] } };
}

/** What lies on disk, and git. */
export const GIT_ROWS: readonly Row[] = [
  { id: 'F-086', what: 'git that is killed now and then', trouble: { begin: killGitNowAndThen } },
  {
    id: 'F-093',
    what: 'clones that are damaged between any two acts',
    trouble: { after: (mortal) => eachClone(mortal, damage) },
  },
  {
    id: 'F-094',
    what: 'locks that a killed git has left',
    trouble: { after: (mortal) => eachClone(mortal, leaveLocks) },
  },
  {
    id: 'I-48',
    what: 'clones that are deleted between any two acts',
    trouble: { after: (mortal) => eachClone(mortal, remove) },
  },
];

async function eachClone({ story }: MortalStory, harm: (clone: string) => void): Promise<void> {
  const folder = join(story.config.dataDir, 'clones');
  for (const name of readdirSync(folder).filter((one) => /^\d+\.git$/.test(one)))
    harm(join(folder, name));
  return Promise.resolve();
}

function remove(clone: string): void {
  rmSync(clone, { recursive: true, force: true });
}

function damage(clone: string): void {
  truncateSync(join(clone, 'HEAD'), 0);
  for (const pack of readdirSync(join(clone, 'objects', 'pack'))) {
    chmodSync(join(clone, 'objects', 'pack', pack), 0o600);
    truncateSync(join(clone, 'objects', 'pack', pack), 20);
  }
}

function leaveLocks(clone: string): void {
  for (const name of ['HEAD.lock', 'config.lock', 'packed-refs.lock', 'shallow.lock'])
    if (existsSync(clone)) writeFileSync(join(clone, name), '');
}

/** Stands for git: of the first hundred calls each eleventh ends by a signal, as the kernel does it out of memory. */
async function killGitNowAndThen(mortal: MortalStory): Promise<void> {
  const { folder } = mortal.story;
  const [program, count] = [join(folder, 'git-that-dies'), join(folder, 'git-count')];
  const script = `#!/bin/sh
echo x >> '${count}'
n=$(wc -l < '${count}')
if [ "$1" != --version ] && [ $n -lt 100 ] && [ $((n % 11)) = 0 ]; then kill -9 $$; fi
exec git "$@"
`;
  writeFileSync(program, script, { mode: 0o755 });
  await mortal.reconfigure((config) => ({ ...config, git: { ...config.git, program } }));
}

/** Time, the database, and webhooks that come twice in other ways. */
export const OTHER_ROWS: readonly Row[] = [
  {
    id: 'F-116',
    what: 'a clock that jumps an hour ahead and back (I-31)',
    trouble: alternately(
      ({ story }) => story.clock.advance(hours(1)),
      ({ story }) => story.clock.advance(-hours(1)),
    ),
  },
  {
    id: 'F-026',
    what: 'connections to the database that are all cut between any two acts',
    trouble: { after: cutConnections },
  },
  { id: 'F-074', what: 'two hooks that tell the same', trouble: { begin: addHookOfOrganisation } },
  {
    id: 'F-081',
    what: 'webhooks that somebody sends once more, all of them after each act',
    trouble: { after: replay },
  },
];

function alternately(...turns: readonly ((mortal: MortalStory) => void)[]): Trouble {
  let turn = 0;
  return {
    after: (mortal) => {
      turns[turn++ % turns.length]?.(mortal);
      return Promise.resolve();
    },
  };
}

async function cutConnections({ story }: MortalStory): Promise<void> {
  await story.bot.world.db.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
  );
}

interface Hook {
  readonly id: number;
  readonly events: readonly string[];
  readonly config: object;
}

async function addHookOfOrganisation({ story }: MortalStory): Promise<void> {
  const [path = ''] = story.repositories.map((one) => one.path);
  const [hook] = (await story.as('root').get(`${path}/hooks`)) as Hook[];
  const { events, config } = hook!;
  await story
    .as('root')
    .post('/orgs/acme/hooks', { name: 'web', events, config: { ...config, secret: SECRET } });
}

const SECRET = 'a-long-shared-webhook-secret';

async function replay({ story }: MortalStory): Promise<void> {
  await redeliverAll(story);
  await story.settle();
}
