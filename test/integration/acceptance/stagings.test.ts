import { describe, expect, it } from '@jest/globals';
import { minutes } from '../../conftest/clock.ts';
import { aStory, type Story } from '../../conftest/story.ts';
import {
  hearStatus,
  makeReady,
  readyPulls,
  running,
  stagingReports,
  stagings,
  states,
  whileNothingIsStaged,
} from './acts.ts';

describe('a staging that CI says too little of', () => {
  it('check 20 (R11): times out; only a required pending status moves its limit, and no poll waits for it', async () => {
    await using story = await aStory({ staging: { timeout: '60m' } });
    const app = story.repository();
    const [late, silent] = await whileNothingIsStaged(story, () => readyPulls(story, 2));
    const word = async (state: string, context: string) => {
      await story.pass(minutes(30));
      const sha = (await app.head('staging.master'))!;
      await hearStatus(story, { sha, state, context, at: story.clock.now() });
    };
    await word('pending', 'ci/test'); // 30 minutes
    await word('pending', 'ci/other'); // 60
    await story.pass(minutes(29)); // 89
    expect(await running(story, [late!, silent!])).toEqual([0, 1]);
    const wakes = await story.bot.world.db.query<unknown[]>(
      `select 1 from cron_trigger where cron = 'merge' and run_at > '-infinity'`,
    );
    expect(wakes).toHaveLength(1);
    await story.pass(minutes(2)); // 91
    expect(await running(story, [late!, silent!])).toEqual([0]);
    expect(await states([late!, silent!])).toEqual(['ready', 'ready']);

    await story.pass(minutes(59));
    expect(await late!.state()).toBe('ready');
    await story.pass(minutes(2));
    expect(await late!.state()).toBe('error');
    expect(await late!.said()).toEqual([
      expect.stringMatching(/^@alice @rita .*timed out after 6[01] minutes.*`ci\/test` never/s),
    ]);
    expect((await stagings(story))[0]).toMatchObject({ state: 'pending' });
  });
});

describe('a staging branch that cannot be pushed', () => {
  it('check 23: ends the staging and switches staging off on its branch; the pull request is untouched', async () => {
    await using story = await aStory();
    story.log.expect(/refused/);
    const app = story.repository();
    await readyPulls(story, 1);
    await stagingReports(story, 'success');
    await story.as('root').put('/repos/acme/app/branches/staging.master/protection', {
      required_status_checks: null,
      required_pull_request_reviews: null,
      enforce_admins: true,
      restrictions: { users: ['root'], teams: [] },
    });
    const before = await app.head('staging.master');
    const pull = await app.pullRequest();
    await makeReady(story, pull);
    expect((await stagings(story))[0]).toMatchObject({
      state: 'failure',
      active: false,
      reason: expect.stringMatching(/^acme\/app refused staging\.master/),
    });
    expect(await app.head('staging.master')).toBe(before);
    const { items } = await story.api('GET', '/api/projects');
    const master = items[0].branches.find((one: { name: string }) => one.name === 'master');
    expect(master).toMatchObject({ active: true, staging_enabled: false });
    expect(await pull.state()).toBe('ready');
    expect(await pull.said()).toEqual([]);
    const audit = await story.api('GET', '/api/audit');
    expect(JSON.stringify(audit.items)).toContain('acme/app refused staging.master');
  });
});

describe('the lateness limit', () => {
  it('check 35: refuses who is behind once others have landed; a merge of many commits counts as one', async () => {
    await using story = await aStory({ staging: { lateness_limit: 2 } });
    const app = story.repository();
    const commits = ['a', 'b', 'c'].map((name) => ({
      message: `Add ${name}`,
      files: { [name]: 'x\n' },
    }));
    const many = await app.pullRequest({ commits });
    const pulls = [many, await app.pullRequest(), await app.pullRequest()];
    await whileNothingIsStaged(story, async () => {
      await makeReady(story, many, 'merge r+');
      for (const pull of pulls.slice(1)) await makeReady(story, pull);
    });
    expect(await running(story, pulls)).toEqual([0, 1]);
    expect(await states(pulls)).toEqual(['ready', 'ready', 'ready']);
    await many.said();
    await stagingReports(story, 'success');
    expect(await states(pulls)).toEqual(['merged', 'merged', 'error']);
    expect(await pulls[2]!.said()).toEqual([
      expect.stringMatching(/@alice @rita .*2 commits behind its target.*Rebase it/),
    ]);
  });
});

describe('what lands on the development branch', () => {
  it('check 37: is labelled with the next version of the branch before it, or as what comes after it', async () => {
    await using story = await aStory({ branches: ['2.0', 'bonk', 'master'] });
    const [first] = await readyPulls(story, 1);
    await stagingReports(story, 'success');
    expect(await first!.labels()).toEqual(['post-bonk']);
    const bonk = '/api/projects/acme/branches/bonk';
    await story.api('PATCH', bonk, { active: false, reason: 'nobody uses it' });
    const [second] = await readyPulls(story, 1);
    await stagingReports(story, 'success');
    expect(await second!.labels()).toEqual(['2.1']);
  });
});

describe('the switches of staging', () => {
  it('check 39: off for a branch or a project, what runs completes and nothing new is staged until it is on', async () => {
    await using story = await aStory();
    for (const path of ['/api/projects/acme', '/api/projects/acme/branches/master']) {
      await check39(story, path);
    }
  });
});

async function check39(story: Story, path: string): Promise<void> {
  const turn = (staging_enabled: boolean) =>
    story.api('PATCH', path, { staging_enabled, reason: 'a pause' });
  const [first] = await readyPulls(story, 1);
  await turn(false);
  const [second] = await readyPulls(story, 1);
  expect(await running(story, [first!, second!])).toEqual([0]);
  await stagingReports(story, 'success');
  expect(await states([first!, second!])).toEqual(['merged', 'ready']);
  expect(await running(story, [first!, second!])).toEqual([]);
  await turn(true);
  await story.settle();
  expect(await running(story, [first!, second!])).toEqual([1]);
  await stagingReports(story, 'success');
}
