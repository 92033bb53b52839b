import { describe, expect, it } from '@jest/globals';
import { minutes } from '../conftest/clock.ts';
import { aStory, type Story } from '../conftest/story.ts';

/** Two linked pull requests whose staging is green at CI; the merge cron has not looked yet. */
async function greenPair(story: Story) {
  const pulls = [];
  for (const repository of story.repositories) {
    const pull = await repository.pullRequest({ name: 'both', adds: { both: 'x\n' } });
    await pull.passes();
    await pull.comment('r+');
    pulls.push(pull);
  }
  await story.settle();
  const heads = await Promise.all(story.repositories.map((one) => one.head('staging.master')));
  for (const repository of story.repositories) await repository.branch('staging.master').passes();
  return { pulls, heads };
}

const masters = (story: Story) =>
  Promise.all(story.repositories.map((repository) => repository.head('master')));

describe('a landing over two repositories (R17)', () => {
  it('believes what the remote shows, not an answer that was lost', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    story.log.expect(/./);
    const { pulls, heads } = await greenPair(story);
    await story.control('POST', '/_sim/faults', {
      match: { path: '/acme/web.git/git-receive-pack' },
      effect: { status: 502, after_effect: true },
      times: 1,
    });
    await story.settle();
    await story.pass(minutes(10));
    expect(await masters(story)).toEqual(heads);
    for (const pull of pulls) expect(await pull.state()).toBe('merged');
  });

  it('rolls forward when the second target cannot be pushed for a while (F-066)', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    story.log.expect(/./);
    const { pulls, heads } = await greenPair(story);
    const [app, web] = story.repositories;
    await story.control('POST', '/_sim/faults', {
      match: { path: '/acme/web.git/git-receive-pack' },
      effect: { status: 503 },
      times: 3,
    });
    await story.settle();
    for (let n = 0; n < 6; n += 1) await story.pass(minutes(5));
    expect([await app!.head('master'), await web!.head('master')]).toEqual(heads);
    for (const pull of pulls) expect(await pull.state()).toBe('merged');
  });

  it('moves no target when one of them has moved on (F-088)', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    const { pulls } = await greenPair(story);
    const [app, web] = story.repositories;
    const before = await app!.head('master');
    const other = await web!.commit('master', { elsewhere: 'x\n' });
    await story.settle();
    expect([await app!.head('master'), await web!.head('master')]).toEqual([before, other]);
    for (const pull of pulls) expect(await pull.state()).toBe('ready');
    const { items } = await story.api('GET', '/api/stagings?state=ff_failed');
    expect(items).toHaveLength(1);
  });

  it('stops and freezes the project when one target moved and another truly diverged (F-089)', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    story.log.expect(/./);
    const { pulls, heads } = await greenPair(story);
    const [app, web] = story.repositories;
    const before = await web!.head('master');
    await story.as('root').put('/repos/acme/web/branches/master/protection', {
      required_status_checks: null,
      required_pull_request_reviews: null,
      enforce_admins: true,
      restrictions: { users: ['root'], teams: [] },
    });
    await story.settle();
    expect(await app!.head('master')).toBe(heads[0]);
    expect(await web!.head('master')).toBe(before);
    const strange = await web!.commit('master', { elsewhere: 'x\n' });
    await story.pass(minutes(10));
    expect([await app!.head('master'), await web!.head('master')]).toEqual([heads[0], strange]);
    const { items } = await story.api('GET', '/api/stagings?state=partial');
    expect(items).toHaveLength(1);
    for (const pull of pulls) expect(await pull.state()).toBe('ready');
    const other = await app!.pullRequest();
    await other.passes();
    await other.comment('r+');
    await story.settle();
    expect((await other.info()).staging).toBeNull();
    story.ignoreComments();
  });

  it('is finished by a restarted bot that was killed between the two targets', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    const { pulls, heads } = await greenPair(story);
    story.log.expect(/./);
    // the second target's push hangs until the bot is gone
    await story.control('POST', '/_sim/faults', {
      match: { path: '/acme/web.git/info/refs' },
      effect: { status: 503 },
      times: 40,
    });
    await story.settle();
    await story.bot.stop();
    await story.control('DELETE', '/_sim/faults');
    await story.restartBot();
    await story.pass(minutes(30));
    expect(await masters(story)).toEqual(heads);
    for (const pull of pulls) expect(await pull.state()).toBe('merged');
  });

  it('knows what CI said of a repository it changes nothing in, before the bot listened', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    const [app, web] = story.repositories;
    await story.control('PUT', '/_sim/webhooks', { mode: 'drop' });
    await web!.branch('master').passes();
    await story.control('PUT', '/_sim/webhooks', { mode: 'deliver' });
    const pull = await app!.pullRequest();
    await pull.passes();
    await pull.comment('r+');
    await story.settle();
    await app!.branch('staging.master').passes();
    await story.settle();
    expect(await pull.state()).toBe('merged');
  });

  it('never forces a target, and every move of one is a staging that was green', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    const { heads } = await greenPair(story);
    await story.settle();
    for (const [n, repository] of story.repositories.entries()) {
      const moves = (await repository.refLog('refs/heads/master')).slice(1);
      expect(moves).toEqual([expect.objectContaining({ to: heads[n], forced: false })]);
    }
    story.ignoreComments();
  });
});
