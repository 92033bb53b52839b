import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestPull } from '../../conftest/pull.ts';
import { aStory } from '../../conftest/story.ts';
import type { Story } from '../../conftest/story.ts';

let story: Story;
beforeAll(async () => {
  story = await aStory();
  story.ignoreComments();
});
afterAll(() => story[Symbol.asyncDispose]());

/** Writes a comment as it is and gives its path. */
async function write(pull: TestPull, body: string, by: 'rita' | 'eve' | 'alice' = 'rita') {
  const path = `${pull.repository.path}/issues`;
  const { id } = await story.as(by).post(`${path}/${pull.number}/comments`, { body });
  return `${path}/comments/${String(id)}`;
}

/** State once everything is settled. */
async function stateOf(pull: TestPull): Promise<string> {
  await story.settle();
  return pull.state();
}

describe('a pull request is not approved by', () => {
  it('B-032 a comment that becomes a command by an edit', async () => {
    const pull = await story.repository().pullRequest();
    const comment = await write(pull, 'Looks fine.');
    await story.settle();
    await story.as('rita').patch(comment, { body: '@stagecoach r+' });
    expect(await stateOf(pull)).toBe('opened');
  });

  it('B-033 a reviewer who corrects a stranger’s comment', async () => {
    const pull = await story.repository().pullRequest();
    const comment = await write(pull, '@stagecoach r+', 'eve');
    await story.settle();
    await story.as('rita').patch(comment, { body: '@stagecoach r+ ' });
    expect(await stateOf(pull)).toBe('opened');
  });

  it('B-052 the text of a review that is edited later', async () => {
    const pull = await story.repository().pullRequest();
    const review = { event: 'COMMENT', body: 'Looks fine.' };
    const { id } = await story.as('rita').post(`${pull.path}/reviews`, review);
    await story.settle();
    await story.as('rita').put(`${pull.path}/reviews/${String(id)}`, { body: '@stagecoach r+' });
    expect(await stateOf(pull)).toBe('opened');
  });

  it('B-050 a review of a commit that is no longer its head', async () => {
    await using own = await aStory({ project: { review_approves: true } });
    own.ignoreComments();
    const pull = await own.repository().pullRequest();
    const old = await pull.head();
    await own.settle();
    await pull.push([{ message: 'More', files: { more: 'x\n' } }]);
    await own.as('rita').post(`${pull.path}/reviews`, { event: 'APPROVE', commit_id: old });
    await own.settle();
    expect(await pull.state()).toBe('opened');
  });

  it('B-047 a command on an issue', async () => {
    const { path } = story.repository();
    const issue = await story.as('alice').post(`${path}/issues`, { title: 'No pull request' });
    const comments = `${path}/issues/${String(issue.number)}/comments`;
    await story.as('rita').post(comments, { body: '@stagecoach r+' });
    await story.settle();
    expect(await story.as('root').get(comments)).toHaveLength(1);
  });

  it('B-053 a comment that carries the bot’s own mark, or its own words', async () => {
    const pull = await story.repository().pullRequest();
    await write(pull, '<!-- stagecoach:comment/1/answer -->\n@stagecoach r+ ', 'eve');
    await story.settle();
    const [answer = ''] = await pull.said();
    await write(pull, answer, 'rita');
    expect(await stateOf(pull)).toBe('opened');
    await pull.comment('info'); // is answered although an answer was forged before
    await story.settle();
    expect((await pull.said()).join()).toContain('opened');
  });

  it('B-055 a retry by its author after another push', async () => {
    const pull = await story.repository().pullRequest();
    await pull.passes();
    await pull.comment('r+');
    await story.settle();
    await pull.push([{ message: 'Something else', files: { evil: 'x\n' } }]);
    await pull.comment('retry', 'alice');
    expect(await stateOf(pull)).toBe('opened');
  });

  it('B-057 commands in its title, its description, its commits and its branch', async () => {
    const pull = await story.repository().pullRequest({
      name: 'stagecoach-r+',
      title: '@stagecoach r+',
      body: '@stagecoach r+\n\n@stagecoach skipchecks',
      commits: [{ message: '@stagecoach r+\n\n@stagecoach r+', files: { b57: 'x\n' } }],
    });
    expect(await stateOf(pull)).toBe('opened');
  });

  it('B-060 somebody who took the login of a reviewer', async () => {
    const { db } = story.bot.world;
    await db.query(`insert into person (login, github_id) values ('eve-was-here', 424242)`);
    await db.query(
      `insert into access_right (person_id, project_id, kind, repository_id)
        select p.id, 1, 'review', 1 from person p where p.github_id = 424242`,
    );
    await db.query(`update person set login = 'eve' where github_id = 424242`);
    const pull = await story.repository().pullRequest();
    await pull.comment('r+', 'eve');
    expect(await stateOf(pull)).toBe('opened');
    await db.query(
      `delete from access_right where person_id in (select id from person where github_id = 424242)`,
    );
  });

  it('B-061 a command that is overtaken by a push', async () => {
    const pull = await story.repository().pullRequest();
    await pull.passes();
    await story.settle();
    await story.control('PUT', '/_sim/webhooks', { mode: 'hold' });
    const head = await pull.head();
    await pull.comment('r+');
    await pull.push([{ message: 'Force', files: { evil: 'y\n' } }]);
    await story.control('PUT', '/_sim/webhooks', { mode: 'deliver' });
    await story.control('POST', '/_sim/webhooks/release');
    await story.settle();
    const { approved_sha: approved, state } = await pull.info();
    expect([null, head]).toContain(approved);
    expect(state).toBe('opened');
  });
});

describe('a command', () => {
  it('B-034 is carried out although its comment is deleted at once, and once', async () => {
    const pull = await story.repository().pullRequest();
    await story.control('PUT', '/_sim/webhooks', { mode: 'hold' });
    const comment = await write(pull, '@stagecoach priority');
    await story.as('rita').delete(comment);
    await story.control('PUT', '/_sim/webhooks', { mode: 'deliver' });
    await story.control('POST', '/_sim/webhooks/release');
    await story.settle();
    expect((await pull.info()).priority).toBe('priority');
  });

  it('B-054 delegates to people alone, and to the bot in vain', async () => {
    const pull = await story.repository().pullRequest();
    await pull.comment('delegate=acme/team');
    await pull.comment('delegate=stagecoach');
    await story.settle();
    await pull.comment('r+', 'stagecoach');
    expect(await stateOf(pull)).toBe('opened');
  });

  it('B-058 has its words echoed so that they mention, refer to and mark nothing', async () => {
    const pull = await story.repository().pullRequest();
    await pull.comment('up to @acme/everybody#1<!--x-->');
    await pull.comment('frobnicate@everyone');
    await story.settle();
    const said = (await pull.said()).join('\n').replaceAll(/`[^`]*`/g, '');
    expect(said).toContain('@rita');
    expect(said.replaceAll('@rita', '')).not.toMatch(/@[a-z]|#\d|<!--/i);
  });
});
