import { describe, expect, it } from '@jest/globals';
import { minutes } from '../conftest/clock.ts';
import type { Json } from '../conftest/people.ts';
import type { TestPull } from '../conftest/pull.ts';
import { aStory, type Story } from '../conftest/story.ts';
import { CRON_NAMES } from '../../src/triggers/names.ts';

const turn = (story: Story, cron: string, active: boolean) =>
  story.api('PATCH', `/api/crons/${cron}`, { active, reason: 'the story wants it' });

async function readyPull(story: Story, words = 'r+'): Promise<TestPull> {
  const pull = await story.repository().pullRequest();
  await pull.passes();
  await pull.comment(words);
  await story.settle();
  return pull;
}

const stagingOf = async (pull: TestPull): Promise<number | null> => (await pull.info()).staging;

async function stagings(story: Story): Promise<Json[]> {
  return (await story.api('GET', '/api/stagings?branch=master&limit=50')).items as Json[];
}

/** Everything the bot ever did that somebody can see. */
async function traces(story: Story): Promise<unknown> {
  const comments = await story.bot.world.db.query<unknown>(
    'select kind, key, done_at from feedback order by id',
  );
  const refs: unknown = await story.control('GET', '/_sim/refs-log');
  return { comments, refs, stagings: (await stagings(story)).map((one) => one.id as number) };
}

describe('the seed statements about staging', () => {
  it('seed 02 and seed 08: a batch is staged when it becomes ready or the staging before it ends, and idle wakes do nothing twice', async () => {
    await using story = await aStory();
    const app = story.repository();
    const [first, second] = [await readyPull(story), await readyPull(story)];
    const staged = await stagingOf(first);
    expect([staged, await stagingOf(second)]).toEqual([expect.any(Number), null]);

    const before = await traces(story);
    for (const name of CRON_NAMES) await story.api('POST', `/api/crons/${name}/trigger`, {});
    await story.settle();
    expect(await traces(story)).toEqual(before);

    await app.branch('staging.master').passes();
    await story.settle();
    expect(await first.state()).toBe('merged');
    expect(await stagingOf(second)).toBeGreaterThan(staged!);
    story.ignoreComments();
  });

  it('seed 03: becoming ready cancels the running staging in the same breath where the batch asked for it', async () => {
    await using story = await aStory();
    const idle = await readyPull(story);
    const cancelled = await stagingOf(idle);
    const urgent = await readyPull(story, 'priority cancel=staging r+');
    expect(await stagingOf(urgent)).toBeGreaterThan(cancelled!);
    expect(await stagings(story)).toMatchObject([
      { active: true, batches: [{ pulls: [{ number: urgent.number }] }, expect.anything()] },
      { id: cancelled, active: false, state: 'cancelled' },
    ]);
    story.ignoreComments();
  });

  it('seed 04: with staging off a failed one leaves its two halves, and the first is staged once it is on', async () => {
    await using story = await aStory();
    await turn(story, 'staging', false);
    const pulls: TestPull[] = [];
    for (let n = 0; n < 4; n += 1) pulls.push(await readyPull(story));
    await turn(story, 'staging', true);
    await story.settle();
    await turn(story, 'staging', false);
    await story.repository().branch('staging.master').fails();
    await story.settle();
    const halves = 'select s.id from split s order by s.id';
    expect(await story.bot.world.db.query(halves)).toHaveLength(2);
    expect(await stagings(story)).toMatchObject([{ active: false, state: 'failure' }]);
    await turn(story, 'staging', true);
    await story.settle();
    const now = await Promise.all(pulls.map(stagingOf));
    expect(now.map((staging) => staging !== null)).toEqual([true, true, false, false]);
    story.ignoreComments();
  });

  it('seed 06: closing a staged pull request ends its staging at once, without the cron that checks them', async () => {
    await using story = await aStory();
    const pull = await readyPull(story);
    await turn(story, 'merge', false);
    await pull.close();
    await story.settle();
    expect(await stagings(story)).toMatchObject([{ active: false, state: 'cancelled' }]);
    story.ignoreComments();
  });

  it('seed 07: the deadline of a staging moves with each pending status, and nothing happens at the old one', async () => {
    await using story = await aStory({ staging: { timeout: '60m' } });
    story.clock.advance(-minutes(40)); // staged 40 minutes ago by GitHub's clock, which stands still
    const pull = await readyPull(story);
    await story.pass(minutes(40));
    await story.repository().branch('staging.master').reports('pending');
    await story.settle();
    await story.pass(minutes(30)); // past the first deadline
    expect(await stagings(story)).toMatchObject([{ active: true }]);
    await story.pass(minutes(29));
    expect(await stagings(story)).toMatchObject([{ active: true }]);
    await story.pass(minutes(2));
    expect(await stagings(story)).toMatchObject([{ active: false, state: 'failure' }]);
    expect(await pull.state()).toBe('error');
    expect((await pull.said()).join('\n')).toMatch(/timed out.*`ci\/test` had not finished/);
  });
});
