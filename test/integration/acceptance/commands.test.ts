import { describe, expect, it } from '@jest/globals';
import { minutes } from '../../conftest/clock.ts';
import { aStory } from '../../conftest/story.ts';
import {
  makeReady,
  readyPulls,
  running,
  splitOf,
  stagingReports,
  stagings,
  states,
  whileNothingIsStaged,
} from './acts.ts';

describe('commands on what is staged', () => {
  it('check 05: r- by the author or a reviewer unstages, by a stranger it is refused and changes nothing', async () => {
    await using story = await aStory();
    const [pull] = await readyPulls(story, 1);
    await pull!.comment('r-', 'eve');
    await story.settle();
    expect(await pull!.said()).toEqual([expect.stringMatching(/^@eve you may not use `r-` here/)]);
    expect(await running(story, [pull!])).toEqual([0]);
    for (const who of ['alice', 'rita'] as const) {
      await pull!.comment('r-', who);
      await story.settle();
      expect((await stagings(story))[0]).toMatchObject({
        state: 'cancelled',
        reason: `${pull!.name} unreviewed (r-) by ${who}`,
      });
      expect(await pull!.state()).toBe('validated');
      await pull!.comment('r+');
      await story.settle();
      expect(await running(story, [pull!])).toEqual([0]);
    }
  });

  it('check 15: NOW! makes room, goes alone and without CI, again with retry; r- takes only skipchecks back', async () => {
    await using story = await aStory();
    const [usual] = await readyPulls(story, 1);
    const urgent = await story.repository().pullRequest();
    const both = [usual!, urgent];
    await urgent.comment('NOW!');
    await story.settle();
    expect(await running(story, both)).toEqual([1]);
    expect((await stagings(story))[1]).toMatchObject({
      state: 'cancelled',
      reason: expect.stringContaining('unstaged by'),
    });
    await stagingReports(story, 'failure');
    expect(await running(story, both)).toEqual([0]);
    expect(await urgent.state()).toBe('error');
    await urgent.comment('retry');
    await story.settle();
    expect(await running(story, both)).toEqual([1]);

    await urgent.comment('r-');
    await story.settle();
    expect(await running(story, both)).toEqual([0]);
    expect(await urgent.info()).toMatchObject({ state: 'opened', priority: 'alone' });
    expect((await urgent.said()).at(-1)).toContain('I took `skipchecks` back');
    await makeReady(story, urgent);
    expect(await running(story, both)).toEqual([1]);
  });

  it('check 43: reset=splits keeps the staging, reset=auto one that has run long, and a young one goes', async () => {
    await using story = await aStory();
    const [, ...pulls] = await readyPulls(story, 3).then(async (all) => {
      await story.pass(minutes(10));
      await stagingReports(story, 'success');
      return all;
    });
    const ids = async () => (await stagings(story)).map((one) => one.id as number);
    expect(await running(story, pulls)).toEqual([0, 1]);
    await stagingReports(story, 'failure');
    expect(await running(story, pulls)).toEqual([0]);
    const [first] = await ids();
    const [one] = pulls;
    const say = async (words: string) => {
      await one!.comment(words);
      await story.settle();
    };
    await say('reset=splits');
    expect([await splitOf(story, pulls[1]!), (await ids())[0]]).toEqual([null, first]);

    await story.pass(minutes(3));
    await say('reset=auto');
    expect((await stagings(story))[1]).toMatchObject({ id: first, state: 'cancelled' });
    const [second] = await ids();
    expect(await running(story, pulls)).toEqual([0, 1]);
    await story.pass(minutes(5));
    await say('reset=auto');
    expect((await ids())[0]).toBe(second);
    await say('reset=staging');
    expect((await stagings(story))[1]).toMatchObject({
      id: second,
      state: 'cancelled',
      reason: `reset by rita on ${one!.name}`,
    });
    expect(await states(pulls)).toEqual(['ready', 'ready']);
  });
});

describe('a staging that is tried again', () => {
  it('check 44: a retry restages the same batches, and is refused when one of them is blocked or changed', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    const [app, web] = story.repositories;
    const pulls = await whileNothingIsStaged(story, async () => {
      const some = [await app!.pullRequest({ name: 'left' }), await app!.pullRequest()];
      for (const pull of some) await makeReady(story, pull);
      return some;
    });
    const [red] = await stagings(story);
    await app!.branch('staging.master').fails();
    await story.settle();
    expect(await running(story, pulls)).toEqual([0]);
    const retry = () => story.api('POST', `/api/stagings/${String(red.id)}/retry`, { reason: 'x' });
    await retry();
    await story.settle();
    expect(await running(story, pulls)).toEqual([0, 1]);
    expect((await stagings(story))[1]).toMatchObject({
      state: 'cancelled',
      reason: `Retrying staging ${String(red.id)}.`,
    });

    await pulls[1]!.comment('r-');
    await story.settle();
    await expect(retry()).rejects.toThrow(/409 .*is blocked/);
    await pulls[1]!.comment('r+');
    await makeReady(story, await web!.pullRequest({ name: 'left' }));
    await expect(retry()).rejects.toThrow(/409 .*have changed/);
  });
});
