import { describe, expect, it } from '@jest/globals';
import { aStory, type Story } from '../../conftest/story.ts';
import {
  deliver,
  makeReady,
  running,
  stagingReports,
  stagings,
  whileNothingIsStaged,
} from './acts.ts';

/** A line of the simulator's log of calls. */
interface Call {
  readonly actor: string | null;
  readonly method: string;
  readonly path: string;
}

const webhooks = (story: Story, mode: 'drop' | 'deliver') =>
  story.control('PUT', '/_sim/webhooks', { mode });

describe('a pull request the bot never heard of', () => {
  it('check 08: is read once for three commands, which then count for the head that was read, and no earlier word does', async () => {
    await using story = await aStory();
    await webhooks(story, 'drop');
    const pull = await story.repository().pullRequest();
    await pull.comment('alone r+');
    await pull.passes();
    await webhooks(story, 'deliver');
    await story.control('DELETE', '/_sim/requests');
    for (const words of ['check', 'rebase-ff', 'priority']) await pull.comment(words);
    await story.settle();
    await story.pass(3_000); // what was said waits until the pull request is known
    const info = await pull.info();
    expect(info).toMatchObject({ state: 'validated', approved_by: null, priority: 'priority' });
    const said = await pull.said();
    expect(said.filter((text) => text.includes('did not know'))).toHaveLength(1);
    expect(said).toHaveLength(3); // that it was unknown, the method, and the answer to `check`
    const calls = (await story.control('GET', '/_sim/requests')) as Call[];
    const read = calls.filter(({ actor, method }) => actor === 'stagecoach' && method === 'GET');
    expect(read.filter(({ path }) => path.includes('/comments'))).toEqual([]);
  });

  it('check 09: is recorded as closed without a word when its closing is the first news, also on a disabled branch', async () => {
    await using story = await aStory();
    await story.api('PATCH', '/api/projects/acme/branches/18.0', {
      active: false,
      reason: 'end of life',
    });
    for (const onto of ['master', '18.0']) {
      await webhooks(story, 'drop');
      const pull = await story.repository().pullRequest({ onto });
      await webhooks(story, 'deliver');
      await pull.close();
      await story.settle();
      expect(await pull.state()).toBe('closed');
      const comments = await story.as('root').get(`/repos/acme/app/issues/${pull.number}/comments`);
      expect(comments).toEqual([]);
    }
  });
});

describe('a pull request that changes', () => {
  it('check 28 (R8): a retarget drops the approval; statuses, number of commits and batch follow; an unmanaged branch archives', async () => {
    await using story = await aStory({
      repositories: ['app', 'web'],
      branches: ['feature', '18.0', 'master'],
      project: { branches: ['18.0', 'master'] },
      statuses: [
        { context: 'ci/test', branches: 'master' },
        { context: 'ci/old', branches: '18\\.0' },
      ],
    });
    const [app, web] = story.repositories;
    const there = await web!.pullRequest({ name: 'same', onto: '18.0' });
    const pull = await app!.pullRequest({ name: 'same' });
    await makeReady(story, pull);
    expect(await pull.state()).toBe('ready');

    await pull.edit({ base: '18.0' });
    await story.settle();
    await story.pass(3_000); // what was said waits until the pull request is known
    const info = await pull.info();
    expect(info).toMatchObject({ state: 'opened', approved_by: null, target: '18.0' });
    expect(info.batch).toBe((await there.info()).batch);
    await pull.passes('ci/old');
    await pull.comment('r+');
    await story.settle();
    expect(await pull.state()).toBe('ready');
    expect((await pull.said()).join()).toContain('this has 2 commits'); // that of master, and its own

    await pull.edit({ base: 'feature' });
    await story.settle();
    expect((await pull.said()).join()).toContain('`feature` is not a branch I manage');
    expect((await pull.info()).approved_by).toBeNull();
    expect((await there.info()).blocked).not.toContain(pull.name);
    await pull.edit({ base: 'master' });
    await story.settle();
    expect(await pull.info()).toMatchObject({ state: 'validated', target: 'master' });
  });

  it('check 30: reopened in a staged batch it cancels the staging, in a merged one it is closed again', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    const [app, web] = story.repositories;
    const one = await app!.pullRequest({ name: 'both' });
    const other = await web!.pullRequest({ name: 'both' });
    await other.close();
    await makeReady(story, one);
    expect(await running(story, [one])).toEqual([0]);
    await other.reopen();
    await story.settle();
    expect((await stagings(story))[0]).toMatchObject({
      state: 'cancelled',
      reason: `${other.name} reopened by alice`,
    });
    expect(await other.state()).toBe('opened');

    await other.close();
    await story.settle();
    await stagingReports(story, 'success');
    expect(await one.state()).toBe('merged');
    await other.reopen();
    await one.reopen();
    await story.settle();
    expect([await one.isClosed(), await other.isClosed()]).toEqual([true, true]);
    expect(await one.said()).toEqual([expect.stringMatching(/^@alice this is merged already/)]);
    expect(await other.said()).toEqual([expect.stringMatching(/^@alice .*without this one/)]);
  });

  it('check 31: what lost webhooks hid is found when it is to be staged, written down and shown, and the approval dropped', async () => {
    await using story = await aStory();
    const app = story.repository();
    const pull = await app.pullRequest({ title: 'Old words' });
    await whileNothingIsStaged(story, async () => {
      await makeReady(story, pull, 'merge r+');
      await webhooks(story, 'drop');
      await pull.push([{ message: 'More', files: { more: 'y\n' } }]);
      await pull.edit({ title: 'New words', base: '18.0' });
      await webhooks(story, 'deliver');
    });
    expect(await pull.info()).toMatchObject({
      ...{ title: 'New words', target: '18.0', head: await pull.head() },
      ...{ approved_by: null, staging: null, merge_method: 'merge' },
    });
    expect(await app.head('staging.master')).toBeNull();
    const [, text] = await pull.said();
    expect(text).toMatch(/@alice @rita .*\(head, target and message\)/);
    expect(text).toMatch(/-Old words\n\+New words/);
  });
});

describe('the address for webhooks', () => {
  it('check 46 (contract 4): a wrong signature is refused with 401; what is signed but of no use is stored and ignored', async () => {
    await using story = await aStory();
    const send = (event: string, payload: object, key?: string) =>
      deliver(story, event, { payload, ...(key === undefined ? {} : { key }) });
    const stranger = { repository: { id: 99, full_name: 'eve/app' } };
    expect(await send('ping', { zen: 'x' }, 'not-the-secret-we-share')).toBe(401);
    expect(await send('ping', { zen: 'x' })).toBe(202);
    expect(await send('gollum', stranger)).toBe(202);
    const status = { ...stranger, sha: 'a'.repeat(40), state: 'success', context: 'ci/test' };
    const rest = { id: 1, target_url: null, description: null, branches: [] };
    const at = new Date().toISOString();
    expect(await send('status', { ...status, ...rest, created_at: at, updated_at: at })).toBe(202);
    const outcomes = await story.bot.world.db.query<{ outcome: string }[]>(
      `select outcome from delivery where body::text is not null order by id desc limit 3`,
    );
    expect(outcomes.map((row) => row.outcome).reverse()).toEqual([
      'ping',
      'an event of no use',
      'eve/app is no repository of ours',
    ]);
  });
});
