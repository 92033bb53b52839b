import { describe, expect, it } from '@jest/globals';
import { aStory } from '../conftest/story.ts';

describe('who is answered, and how often', () => {
  it('a stranger is refused once an hour on a pull request, then by a reaction (B-031, I-33)', async () => {
    await using story = await aStory();
    const pull = await story.repository().pullRequest();
    for (const words of ['r+', 'please merge', 'skipchecks']) await pull.comment(words, 'eve');
    await story.settle();
    expect(await pull.said()).toEqual([expect.stringMatching(/^@eve you may not use `r\+` here/)]);
    expect(await pull.reactions()).toEqual(['confused']);

    await pull.comment('r-'); // somebody else has words of his own
    await story.settle();
    expect(await pull.said()).toEqual([expect.stringMatching(/^@rita `r-` takes back/)]);

    await story.pass(3_600_000);
    await pull.comment('r+', 'eve');
    await story.settle();
    expect(await pull.said()).toHaveLength(1);
  });

  it('nobody is heard who gives more commands than he can mean, and is told so once (B-056)', async () => {
    await using story = await aStory();
    const pull = await story.repository().pullRequest();
    const priorities = ['nice', 'default', 'priority'];
    for (let n = 0; n < 63; n += 1) await pull.comment(priorities[n % 3]!);
    await story.settle();
    expect((await pull.info()).priority).toBe('priority'); // the 60th; `nice` to `priority` came after it
    await pull.comment('alone');
    await story.settle();
    expect((await pull.info()).priority).toBe('priority');
    expect(await pull.said()).toEqual([expect.stringMatching(/^@rita that is more commands/)]);
    expect(await pull.reactions()).toEqual([]);
  });

  it('a bot is not, unless it is listed, and the bot itself never (I-17, B-059)', async () => {
    await using story = await aStory({ project: { rights: { from: 'github' } } });
    const pull = await story.repository().pullRequest();
    await pull.comment('priority', 'stagecoach'); // it may write, so GitHub would let it
    await story.settle();
    expect((await pull.info()).priority).toBe('default');
    const { own_ids: ownIds } = (
      await story.bot.world.db.query<{ own_ids: string[] }[]>('select own_ids from project')
    )[0]!;
    expect(ownIds).toEqual([String((await story.as('stagecoach').get('/user')).id)]);
    story.ignoreComments();
  });
});

describe('what was said', () => {
  it('before the last push does not approve what came after it (B-048)', async () => {
    await using story = await aStory();
    const pull = await story.repository().pullRequest();
    await story.settle();
    await story.control('PUT', '/_sim/webhooks', { mode: 'hold' });
    const comments = `/repos/acme/app/issues/${pull.number}/comments`;
    const said = await story.as('rita').post(comments, { body: '@stagecoach r+' });
    await story.control('PUT', '/_sim/webhooks', { mode: 'deliver' });
    for (let n = 0; (await pull.github()).updated_at === said.created_at; n += 1)
      await pull.push([{ message: `Sneak in ${n}`, files: { evil: `${n}\n` } }]);
    await pull.comment('squash'); // several commits: nobody has to ask how they land
    await story.settle();
    await story.control('POST', '/_sim/webhooks/release');
    await story.settle();
    expect(await pull.state()).toBe('opened');
    expect((await pull.said())[1]).toContain('changed after you wrote this');

    await pull.comment('r+');
    await story.settle();
    expect(await pull.state()).toBe('approved');
  });

  it('on a foreign branch is answered once, and not tried for ever', async () => {
    await using story = await aStory();
    const app = story.repository();
    const ref = { ref: 'refs/heads/feature', sha: await app.head('master') };
    await story.as('root').post('/repos/acme/app/git/refs', ref);
    const pull = await app.pullRequest({ onto: 'feature' });
    await story.settle();
    expect(await pull.said()).toEqual([expect.stringContaining('`feature`')]);
    await pull.comment('r+');
    await story.settle();
    await pull.comment('priority');
    await story.settle();
    await story.pass(3_600_000);
    expect(await pull.said()).toEqual([expect.stringMatching(/^I do nothing on `feature`/)]);
  });

  it('keeps its order while an unknown pull request is read, however long that takes', async () => {
    await using story = await aStory();
    await story.control('PUT', '/_sim/webhooks', { mode: 'drop' });
    const pull = await story.repository().pullRequest();
    await story.control('PUT', '/_sim/webhooks', { mode: 'deliver' });
    await story.api('PATCH', '/api/crons/fetch', { active: false, reason: 'GitHub is ill' });
    await pull.comment('priority');
    await story.settle();
    for (const words of ['nice', 'alone']) await pull.comment(words);
    await story.settle();
    for (let n = 0; n < 12; n += 1) await story.pass(600_000);
    await expect(pull.info()).rejects.toThrow('404');
    expect(await pull.said()).toEqual([]);

    await story.api('PATCH', '/api/crons/fetch', { active: true, reason: 'it is well again' });
    await story.settle();
    expect((await pull.info()).priority).toBe('alone');
    expect(await pull.said()).toEqual([expect.stringMatching(/^@rita I did not know this/)]);
  });

  it('by the verdict of a review counts where the project says so, and so does its end (B-051)', async () => {
    await using story = await aStory({ project: { review_approves: true } });
    const pull = await story.repository().pullRequest();
    const reviews = `${pull.path}/reviews`;
    await story.as('eve').post(reviews, { event: 'APPROVE' });
    const review = await story.as('rita').post(reviews, { event: 'APPROVE' });
    await story.settle();
    expect(await pull.state()).toBe('approved');
    await story.as('root').put(`${reviews}/${review.id}/dismissals`, { message: 'not yet' });
    await story.settle();
    expect(await pull.state()).toBe('opened');

    await story.as('rita').post(reviews, { event: 'APPROVE' });
    await story.settle();
    expect(await pull.state()).toBe('approved');
    await story.as('rita').post(reviews, { event: 'REQUEST_CHANGES', body: 'Names, please.' });
    await story.settle();
    expect(await pull.state()).toBe('opened');
    expect(await pull.said()).toEqual([]);
  });
});
