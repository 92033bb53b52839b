import { describe, expect, it } from '@jest/globals';
import { stagecoach } from '../../conftest/cli.ts';
import type { TestPull } from '../../conftest/pull.ts';
import { aStory, type Story } from '../../conftest/story.ts';
import {
  readyPulls,
  running,
  splitOf,
  stagingReports,
  stagings,
  states,
  whileNothingIsStaged,
} from './acts.ts';

const turnStaging = (story: Story, active: boolean) =>
  story.api('PATCH', '/api/crons/staging', { active, reason: 'the story wants it' });

const setSplits = (story: Story, ...to: string[]) =>
  stagecoach(['staging', 'splits', 'acme', 'master', ...to, '--reason', 'try it'], {
    STAGECOACH_URL: story.bot.url,
  });

/** Stages the first of some pull requests, lets that fail, and makes the others ready before anything else is staged. */
async function failFirst(story: Story, pulls: readonly TestPull[], count: number): Promise<void> {
  await whileNothingIsStaged(story, async () => {
    for (const pull of pulls.slice(0, count)) await pull.comment('r+');
    await story.settle();
  });
  await turnStaging(story, false);
  await stagingReports(story, 'failure');
  for (const pull of pulls.slice(count)) await pull.comment('r+');
  await story.settle();
  await turnStaging(story, true);
  await story.settle();
}

describe('what is staged after a failure', () => {
  it('check 17: depends on the mode and on which is the larger, splits or what is ready', async () => {
    await using story = await aStory();
    const pulls: TestPull[] = [];
    for (let n = 0; n < 4; n += 1) {
      const pull = await story.repository().pullRequest();
      await pull.passes();
      pulls.push(pull);
    }
    for (const [priority, failed, expected] of [
      ['default', 3, [0, 1]],
      ['largest', 2, [2, 3]],
      ['ready', 3, [3]],
    ] as const) {
      await story.reconfigure({ staging: { priority } });
      await failFirst(story, pulls, failed);
      expect([priority, failed, await running(story, pulls)]).toEqual([priority, failed, expected]);
      for (const pull of pulls) await pull.comment('r-');
      // the same set on the same base is known to be red by now
      await story.repository().commit('master', { moved: `${priority} ${failed}\n` });
      await story.settle();
    }
  });

  it('check 18: is the other half, or with depth first the half of the half', async () => {
    await using story = await aStory();
    const pulls = await whileNothingIsStaged(story, () => readyPulls(story, 4));
    const seen: number[][] = [];
    const look = async () => void seen.push(await running(story, pulls));
    await look();
    for (let n = 0; n < 2; n += 1) {
      await stagingReports(story, 'failure');
      await look();
    }
    expect(seen.splice(0)).toEqual([
      [0, 1, 2, 3],
      [0, 1],
      [2, 3],
    ]);
    await story.repository().commit('master', { moved: 'x\n' });
    const set = await setSplits(story, '--order', 'depth-first');
    expect(set.stdout).toBe('splits of acme/master are staged depth-first; on_fail is nothing\n');
    await pulls[0]!.comment('reset=staging');
    await story.settle();
    await look();
    for (let n = 0; n < 2; n += 1) {
      await stagingReports(story, 'failure');
      await look();
    }
    expect(seen).toEqual([[0, 1, 2, 3], [0, 1], [0]]);
  });

  it('check 18 and 19: the larger half comes first, and once a culprit is found the rest is joined, or free again', async () => {
    await using story = await aStory();
    await setSplits(story, '--on-fail', 'join');
    const pulls = await whileNothingIsStaged(story, () => readyPulls(story, 3));
    await stagingReports(story, 'failure');
    expect(await running(story, pulls)).toEqual([0, 1]);
    await stagingReports(story, 'failure');
    expect(await running(story, pulls)).toEqual([2]);
    const [third] = await stagings(story);
    // on the same base the two together are known to be red, and would be halved at once (R20)
    await story.repository().commit('master', { moved: 'x\n' });
    await stagingReports(story, 'failure');
    expect(await states(pulls)).toEqual(['ready', 'ready', 'error']);
    expect(await running(story, pulls)).toEqual([0, 1]);
    expect((await stagings(story))[0]).toMatchObject({ parent: third.id });

    await setSplits(story, '--on-fail', 'delete');
    await stagingReports(story, 'failure');
    expect(await splitOf(story, pulls[1]!)).not.toBeNull();
    await stagingReports(story, 'failure');
    expect(await states(pulls)).toEqual(['error', 'ready', 'error']);
    expect(await running(story, pulls)).toEqual([1]);
    expect((await stagings(story))[0]).toMatchObject({ parent: null });
    story.ignoreComments();
  });
});

describe('a red staging that may have been a fluke', () => {
  it('check 45: is marked so while all of it lands in the end, and no more once a culprit is found or one of it is pulled out', async () => {
    await using story = await aStory();
    const family = async () => {
      const pulls = await whileNothingIsStaged(story, () => readyPulls(story, 2));
      const [staging] = await stagings(story);
      await stagingReports(story, 'failure');
      const path = `/api/stagings/${String(staging.id)}`;
      const isMarked = async () => (await story.api('GET', path)).likely_false_positive as boolean;
      expect(await isMarked()).toBe(true);
      return { pulls, isMarked };
    };
    const fluke = await family();
    for (let n = 0; n < 2; n += 1) await stagingReports(story, 'success');
    expect([await states(fluke.pulls), await fluke.isMarked()]).toEqual([
      ['merged', 'merged'],
      true,
    ]);

    const guilty = await family();
    await stagingReports(story, 'failure');
    expect(await guilty.isMarked()).toBe(true); // half of it is still to be tried
    await stagingReports(story, 'failure');
    expect([await states(guilty.pulls), await guilty.isMarked()]).toEqual([
      ['error', 'error'],
      false,
    ]);

    const cancelled = await family();
    await cancelled.pulls[0]!.comment('r-');
    await story.settle();
    expect(await cancelled.isMarked()).toBe(false);
    await stagingReports(story, 'success');
    const pulled = await family();
    await pulled.pulls[1]!.comment('r-');
    await story.settle();
    expect(await pulled.isMarked()).toBe(false);
    story.ignoreComments();
  });
});
