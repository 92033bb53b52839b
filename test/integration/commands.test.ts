import { describe, expect, it } from '@jest/globals';
import { drawing } from '../conftest/drawing.ts';
import { aStory } from '../conftest/story.ts';

describe('what people say', () => {
  it('is refused to those without the right, and changes nothing', async () => {
    await using story = await aStory();
    const pull = await story.repository().pullRequest();
    await pull.comment('r+', 'eve');
    await pull.comment('NOW!!', 'alice');
    await story.settle();
    expect(await pull.state()).toBe('opened');
    expect(await pull.said()).toEqual([
      expect.stringMatching(/^@eve you may not use `r\+` here/),
      expect.stringMatching(/^@alice you may not use `NOW!` here\. It is for [^.]* administer/),
    ]);
  });

  it('does not let an author approve his own work', async () => {
    await using story = await aStory();
    const pull = await story.repository().pullRequest({ by: 'alice' });
    await pull.comment('r+', 'alice');
    await story.settle();
    expect(await pull.state()).toBe('opened');
    expect(await pull.said()).toHaveLength(1);
  });

  it('check 06: is carried out whole or not at all', async () => {
    await using story = await aStory();
    const pull = await story.repository().pullRequest();
    await pull.comment('r+ foo');
    await story.settle();
    expect(await pull.state()).toBe('opened');
    expect((await pull.said())[0]).toMatch(/foo/);
    await pull.comment('priority retry');
    await story.settle();
    expect((await pull.info()).priority).toBe('default');
    expect((await pull.said())[0]).toMatch(/not in error|not one of|`retry`/);
    await pull.comment('r+ help');
    await pull.comment('rebase-ff fw=no r+', 'alice');
    await story.settle();
    expect(await pull.info()).toMatchObject({
      ...{ state: 'opened', merge_method: null, fw_policy: 'default' },
    });
    expect(await pull.said()).toEqual([
      expect.stringMatching(/^@rita these are the commands[^]*nothing else in your comment/),
      expect.stringMatching(/^@alice you may not use/),
    ]);
  });

  it('is answered with help for this person here', async () => {
    await using story = await aStory();
    const pull = await story.repository().pullRequest();
    await pull.comment('help', 'eve');
    await story.settle();
    const [answer] = await pull.said();
    expect(answer).toContain('`remindme:<branch>=<message>`');
    expect(answer).not.toContain('skipchecks');

    await story.bot.world.db.query(`update person set email = null where login = 'rita'`);
    for (const words of ['help', 'r+']) await pull.comment(words);
    await story.settle();
    const [offered, refusal] = await pull.said();
    expect(offered).not.toContain('`r+`,');
    expect(offered).toContain('skipchecks');
    expect(offered).toContain(`But ${refusal?.replace('@rita ', '') ?? ''}`);
  });

  it('counts once, however often GitHub tells it', async () => {
    await using story = await aStory();
    const pull = await story.repository().pullRequest();
    await story.control('PUT', '/_sim/webhooks', { mode: 'duplicate' });
    await pull.comment('r+');
    await story.settle();
    await pull.comment('r-');
    await story.settle();
    expect(await pull.state()).toBe('opened');
    expect(await pull.reactions()).toEqual(['+1']);
    expect(await pull.said()).toEqual([]);
  });

  it('check 07: does nothing quoted, in code or edited in later; deleting it undoes nothing; reviews are read, not their verdict', async () => {
    await using story = await aStory();
    const pull = await story.repository().pullRequest();
    await pull.comment('> @stagecoach r+\n\n```\n@stagecoach r+\n```\n');
    const issue = `/repos/acme/app/issues/${pull.number}/comments`;
    const plain = await story.as('rita').post(issue, { body: 'Looks good.' });
    await story.as('rita').patch(`/repos/acme/app/issues/comments/${plain.id}`, {
      body: '@stagecoach r+',
    });
    const reviews = `/repos/acme/app/pulls/${pull.number}/reviews`;
    await story.as('rita').post(reviews, { event: 'APPROVE', body: 'Fine.' });
    await story.settle();
    expect(await pull.state()).toBe('opened');
    expect(await pull.said()).toEqual([]);
    await story.as('rita').post(reviews, { event: 'COMMENT', body: '@stagecoach r+' });
    const urgent = await story.as('rita').post(issue, { body: '@stagecoach priority' });
    await story.settle();
    await story.as('rita').delete(`/repos/acme/app/issues/comments/${urgent.id}`);
    await story.settle();
    expect(await pull.info()).toMatchObject({ state: 'approved', priority: 'priority' });
  });

  it('check 01 and 02: asks once how several commits shall land, whatever happens since, and lands them as told', async () => {
    await using story = await aStory();
    const app = story.repository();
    const commits = ['one', 'two'].map((name) => ({
      message: `Add ${name}`,
      files: { [name]: `${name}\n` },
    }));
    const pull = await app.pullRequest({ title: 'Add both', commits });
    const before = (await app.head('master'))!;
    await pull.passes();
    await pull.comment('r+');
    await story.settle();
    expect(await pull.state()).toBe('ready');
    expect(await pull.said()).toEqual([expect.stringContaining('How shall they land?')]);
    expect(await app.head('staging.master')).toBeNull();
    for (const words of ['r-', 'r+']) {
      await pull.comment(words);
      await story.settle();
    }
    expect(await pull.said()).toEqual([]);

    await pull.comment('rebase-merge');
    await story.settle();
    expect(await pull.said()).toEqual([expect.stringContaining('`rebase-merge`')]);
    await app.branch('staging.master').passes();
    await story.settle();
    expect(await app.graph('master', before)).toBe(drawing`
      *   Add both
      |\
      | * Add two
      | * Add one
      |/
      o Start master
    `);
  });

  it('lets a delegate approve this pull request and no other', async () => {
    await using story = await aStory({
      people: [
        { login: 'rita', email: 'rita@acme.test', review: ['acme/app'] },
        { login: 'bob', email: 'bob@acme.test' },
      ],
    });
    const app = story.repository();
    const [one, other] = [await app.pullRequest(), await app.pullRequest()];
    await one.comment('delegate=bob');
    await story.settle();
    for (const pull of [one, other]) await pull.comment('r+', 'bob');
    await story.settle();
    expect([await one.state(), await other.state()]).toEqual(['approved', 'opened']);
    expect(await other.said()).toHaveLength(1);

    // whom GitHub does not know, or who is no person, is named as such, and nobody else is let in with them
    await other.comment('delegate=eve,nobody-at-all');
    await other.comment('delegate=eve,acme priority');
    await other.comment('delegate=@EVE');
    await story.settle();
    await one.comment('delegate=bob,eve', 'eve'); // has no right: nobody is asked about
    await story.settle();
    expect(await other.said()).toEqual([
      expect.stringMatching(/^@rita `nobody-at-all` is nobody's login at GitHub/),
      expect.stringMatching(/^@rita `acme` is nobody's login[^]*Nothing of your comment/),
    ]);
    const delegates = await story.bot.world.db.query<{ login: string; named: number }[]>(
      `select p.login, d.pull_request_id as named from delegation d join person p on p.id = d.person_id
        where p.github_id is not null order by 2, 1`,
    );
    expect(delegates.map(({ login }) => login)).toEqual(['bob', 'eve']);
    expect(await one.said()).toHaveLength(1);
    const calls = (await story.control('GET', '/_sim/requests')) as { path: string }[];
    const asked = calls.filter(({ path }) => path.startsWith('/users/'));
    expect(asked.filter(({ path }) => /eve$/i.test(path))).toHaveLength(1);
  });

  it('lets an override by somebody with the right stand for a context', async () => {
    await using story = await aStory();
    const pull = await story.repository().pullRequest();
    await pull.fails();
    await pull.comment('override=ci/test r+');
    await story.settle();
    expect(await pull.state()).toBe('ready');
  });
});
