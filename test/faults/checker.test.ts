import { describe, expect, it } from '@jest/globals';
import { brokenInvariants, JUDGES } from '../conftest/invariants/check.ts';
import type { TestPull } from '../conftest/pull.ts';
import { aStory, type Story } from '../conftest/story.ts';

/** What there is to break: a pair that landed, ports of it, another pair that is being tested, and one not approved. */
interface Scene {
  readonly story: Story;
  readonly landed: TestPull;
  readonly other: TestPull;
  readonly sql: (text: string) => Promise<unknown>;
}

const PAIR = ['app', 'web'];

async function pair(story: Story, name: string): Promise<TestPull> {
  const pulls: TestPull[] = [];
  for (const repository of PAIR.map((one) => story.repository(one))) {
    const pull = await repository.pullRequest({
      name,
      onto: '17.0',
      adds: { [name]: `${name}\n` },
    });
    await pull.passes();
    await pull.comment('r+');
    pulls.push(pull);
  }
  await story.settle();
  return pulls[0]!;
}

async function aScene(story: Story): Promise<Scene> {
  const landed = await pair(story, 'landed');
  for (const name of PAIR) await story.repository(name).branch('staging.17.0').passes();
  await story.settle();
  await pair(story, 'tested');
  const other = await story.repository().pullRequest({ name: 'other', adds: { other: 'x\n' } });
  await other.comment('help');
  await story.settle();
  return { story, landed, other, sql: (text) => story.bot.world.db.query(text) };
}

const NOWHERE = '0'.repeat(40);
const done = (column: string) =>
  `update staging_pull set ${column} where staging_id = (select min(id) from staging)`;

const move = ({ story }: Scene, sha: string, branch: string): Promise<unknown> =>
  story.as('stagecoach').patch(`/repos/acme/app/git/refs/heads/${branch}`, { sha, force: true });

/** Each violation, seeded into a world that had none of its kind. Rows by hand: nothing of the bot would write them. */
const SEEDS: readonly (readonly [string, (scene: Scene) => Promise<unknown>])[] = [
  ['I-01', async (scene) => move(scene, await scene.other.head(), 'master')],
  ['I-02', async (scene) => move(scene, (await scene.story.repository().head('18.0'))!, 'master')],
  ['I-20', ({ sql }) => sql('delete from delivery where id = (select min(id) from delivery)')],
  ['I-32', sayAgain],
  ['I-17', obeyItself],
  ['I-24', ({ other }) => other.comment('Hm.\n\n<!-- stagecoach:made/up -->', 'stagecoach')],
  ['I-33', chatter],
  [
    'I-12',
    ({ sql }) =>
      sql(
        `update staging_pull set head = '${NOWHERE}' where staging_id = (select max(id) from staging)`,
      ),
  ],
  [
    'I-13',
    ({ sql }) => sql(`update pull_request set approved_sha = '${NOWHERE}' where state = 'ready'`),
  ],
  [
    'I-08',
    ({ sql }) =>
      sql(
        `insert into staging (project_id, branch_id, staged_at, timeout_at)
       select project_id, branch_id, staged_at, timeout_at from staging where active`,
      ),
  ],
  ['I-10', ({ sql }) => sql(`update staging_head set base = '${NOWHERE}'`)],
  ['I-35', ({ sql }) => sql(`update port set state = 'planned', pull_request_id = null`)],
  [
    'I-26',
    ({ sql }) =>
      sql(
        `with late as (update branch_removal set retry_at = now() + interval '1 day') delete from cron_trigger`,
      ).then(() => sql(`delete from cron_trigger where cron = 'branch-removal'`)),
  ],
  ['I-28', ({ sql }) => sql('update branch_removal set attempts = 99')],
  ['I-29', ({ sql }) => sql(`insert into cron_trigger (cron) values ('issues')`)],
  [
    'I-39',
    ({ sql }) =>
      sql(
        `update cron set active = false, changed_at = started_at - interval '1 hour' where name = 'merge'`,
      ),
  ],
  [
    'I-40',
    ({ sql }) =>
      sql(`update cron set lease_until = now() + interval '1 hour' where name = 'merge'`),
  ],
  ['I-04', ({ sql }) => sql('delete from commit_status')],
  ['I-06', ({ sql }) => setMerged(sql)],
  ['I-03', ({ sql }) => sql(done(`commits_map = '{}', merged_sha = '${NOWHERE}'`))],
  ['I-05', ({ sql }) => sql(done(`head = (select "from" from landing_step limit 1)`))],
  [
    'I-07',
    ({ sql }) =>
      sql(
        `update landing_step set state = 'planned' where repository_id = (select max(id) from repository)`,
      ),
  ],
  [
    'I-11',
    ({ sql }) =>
      sql(`update pull_request set merged_sha = '${NOWHERE}' where merged_sha is not null`),
  ],
  ['I-09', ({ sql }) => sql(`update staging set state = 'cancelled' where not active`)],
  ['I-36', overwrite],
];

/** What landed is said to be the commit it was put on. */
const setMerged = (sql: Scene['sql']) =>
  sql(done(`merged_sha = (select "from" from landing_step limit 1)`));

async function sayAgain({ story }: Scene): Promise<void> {
  const comments = (await story.as('root').get('/repos/acme/app/issues/comments')) as Spoken[];
  const own = comments.find((one) => one.user.login === 'stagecoach')!;
  await story.as('stagecoach').post(own.issue_url.replace(/^.*(?=\/repos\/)/, '') + '/comments', {
    body: own.body,
  });
}

async function obeyItself({ story, sql }: Scene): Promise<void> {
  const comments = (await story.as('root').get('/repos/acme/app/issues/comments')) as Spoken[];
  const own = comments.find((one) => one.user.login === 'stagecoach')!;
  await sql(
    `insert into command_log (kind, github_id, at, outcome) values ('comment', ${own.id}, now(), 'done')`,
  );
}

async function chatter({ other }: Scene): Promise<void> {
  for (let n = 0; n <= 40; n += 1) await other.comment(`Well\n${n}`, 'stagecoach');
}

async function overwrite({ story }: Scene): Promise<void> {
  const [port] = await story.repository().ports();
  const { head } = (await port!.github()) as { head: { ref: string; sha: string } };
  const path = `/repos/acme/app/git/refs/heads/${head.ref}`;
  const [theirs, ours] = [await story.repository().head('17.0'), head.sha];
  await story.as('rita').patch(path, { sha: theirs, force: true });
  await story.as('stagecoach').patch(path, { sha: ours, force: true });
}

interface Spoken {
  readonly id: number;
  readonly body: string;
  readonly issue_url: string;
  readonly user: { readonly login: string };
}

describe('the checker of invariants', () => {
  it('finds nothing in a sound world, and each violation in one where it was seeded', async () => {
    const story = await aStory({ repositories: PAIR });
    try {
      const scene = await aScene(story);
      let known = await brokenInvariants(story);
      expect(known).toEqual([]);
      const missed: string[] = [];
      for (const [id, seed] of SEEDS) {
        await seed(scene);
        const found = await brokenInvariants(story);
        const fresh = found.filter((one) => !known.includes(one));
        known = found;
        if (!fresh.some((one) => one.startsWith(id))) missed.push(`${id}: ${fresh.join('; ')}`);
      }
      expect(missed).toEqual([]);
      expect(SEEDS.map(([id]) => id).sort()).toEqual(Object.keys(JUDGES).sort());
    } finally {
      story.ignoreComments();
      await story[Symbol.asyncDispose]().catch(() => undefined); // it is past mending
    }
  });
});
