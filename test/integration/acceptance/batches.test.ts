import { describe, expect, it } from '@jest/globals';
import { stagecoach } from '../../conftest/cli.ts';
import { aStory } from '../../conftest/story.ts';
import {
  makeReady,
  readyPulls,
  running,
  splitOf,
  stagingReports,
  stagings,
  namesIn,
  states,
  whileNothingIsStaged,
} from './acts.ts';

const STATUSES = [{ context: 'ci/test' }];

describe('a batch', () => {
  it('check 10: goes together or not at all, without one that is closed, and web edits are never linked', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    const [app, web] = story.repositories;
    const one = await app!.pullRequest({ name: 'both' });
    const other = await web!.pullRequest({ name: 'both' });
    const edits = [
      await app!.pullRequest({ name: 'patch-1' }),
      await web!.pullRequest({ name: 'patch-1' }),
    ];
    await makeReady(story, one);
    expect(await running(story, [one, other])).toEqual([]);
    await makeReady(story, other);
    expect(await running(story, [one, other])).toEqual([0, 1]);
    await other.close();
    await story.settle();
    expect(await running(story, [one, other])).toEqual([0]);
    expect((await one.info()).batch).toBe((await other.info()).batch);
    const [mine, yours] = [await edits[0]!.info(), await edits[1]!.info()];
    expect(mine.batch).not.toBe(yours.batch);
  });

  it('check 11: a substitution makes labels of a fork and of the repository itself match', async () => {
    await using story = await aStory({
      repositories: ['app', 'web'],
      project: {
        repositories: [
          { name: 'acme/app', statuses: STATUSES, substitutions: ['/^acme:/alice:/'] },
          { name: 'acme/web', statuses: STATUSES },
        ],
      },
    });
    const [app, web] = story.repositories;
    const commits = [{ message: 'Feature', files: { a: 'a\n' } }];
    await app!.pushCommits({
      ...{ by: 'root', owner: 'acme', branch: 'feature' },
      ...{ from: 'master', commits },
    });
    const { number } = await story
      .as('rita')
      .post('/repos/acme/app/pulls', { title: 'Feature', head: 'feature', base: 'master' });
    const inside = app!.pull(number as number);
    const fork = await web!.pullRequest({ name: 'feature' });
    const odd = await web!.pullRequest({ name: 'feature', by: 'bob' });
    await story.settle();
    const batch = async (pull: typeof fork) => (await pull.info()).batch as number;
    expect(await batch(inside)).toBe(await batch(fork));
    expect(await batch(odd)).not.toBe(await batch(fork));
  });

  it('check 29: whose targets differ is blocked and shown so; splitting one off frees both, but not to a label that is taken', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    const [app, web] = story.repositories;
    const one = await app!.pullRequest({ name: 'both' });
    const other = await web!.pullRequest({ name: 'both', onto: '17.0' });
    const third = await web!.pullRequest({ name: 'third' });
    await other.edit({ base: 'master' });
    await story.settle();
    await other.edit({ base: '18.0' });
    for (const pull of [one, other]) await makeReady(story, pull);
    const { batch, blocked } = await one.info();
    expect([batch, blocked]).toEqual([
      (await other.info()).batch,
      expect.stringMatching(/^Multiple target branches: '(?:master|18\.0)', '(?:master|18\.0)'\.$/),
    ]);
    expect(await (await fetch(`${story.bot.url}/`)).text()).toContain('Multiple target branches');

    const split = (label: string) =>
      stagecoach(['pr', 'split-off', other.name, '--label', label, '--reason', 'they go apart'], {
        STAGECOACH_URL: story.bot.url,
      });
    const taken = await split('alice:third');
    expect([taken.code, taken.stderr]).toEqual([
      1,
      expect.stringContaining('alice:third is the label'),
    ]);
    const stdout = `${other.name} is split off batch ${String(batch)}\n`;
    expect(await split('alice:apart')).toEqual({ code: 0, stdout, stderr: '' });
    await story.settle();
    expect([await one.info(), await other.info()]).toMatchObject([
      { batch, staging: expect.any(Number) },
      { batch: expect.not.stringMatching(String(batch)), staging: expect.any(Number) },
    ]);
    expect((await split('alice:alone')).stderr).toContain('there is nothing else in it');
    expect((await third.info()).batch).not.toBe((await other.info()).batch);
  });
});

describe('the order of batches', () => {
  it('check 13 and 14: is by priority up to the limit, then by the time of becoming ready, and retry is the end of it', async () => {
    await using story = await aStory({ staging: { batch_limit: 3 } });
    const [late] = await readyPulls(story, 1);
    await stagingReports(story, 'failure');
    const app = story.repository();
    const [a, b, urgent, too] = [
      await app.pullRequest(),
      await app.pullRequest(),
      await app.pullRequest(),
      await app.pullRequest(),
    ];
    const all = [late!, a, b, urgent, too];
    await whileNothingIsStaged(story, async () => {
      await makeReady(story, b);
      await makeReady(story, a);
      await late!.comment('retry');
      await story.settle();
      for (const pull of [urgent, too]) await makeReady(story, pull, 'priority r+');
    });
    expect(await running(story, all)).toEqual([3, 4, 2]);
    await stagingReports(story, 'success');
    expect(await running(story, all)).toEqual([1, 0]);
    story.ignoreComments();
  });

  it('check 16: alone outranks splits, and a batch that is alone and in a split is staged from there, once', async () => {
    await using story = await aStory();
    const pulls = await whileNothingIsStaged(story, () => readyPulls(story, 2));
    await stagingReports(story, 'failure');
    expect(await running(story, pulls)).toEqual([0]);
    for (let n = 0; n < 2; n += 1) {
      const pull = await story.repository().pullRequest();
      pulls.push(pull);
      await makeReady(story, pull, 'alone r+');
    }
    await stagingReports(story, 'success');
    expect(await running(story, pulls)).toEqual([2, 3]);
    expect(await splitOf(story, pulls[1]!)).not.toBeNull();
    await stagingReports(story, 'failure');
    for (const next of [1, 2, 3]) {
      expect(await running(story, pulls)).toEqual([next]);
      await stagingReports(story, 'success');
    }
    expect(await states(pulls)).toEqual(Array(4).fill('merged'));
    const staged = (await stagings(story)).map(namesIn).flat();
    expect(staged.filter((name) => name === pulls[2]!.name)).toHaveLength(2);
  });
});
