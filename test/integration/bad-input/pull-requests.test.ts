import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestPull } from '../../conftest/pull.ts';
import { NOTHING } from '../../conftest/repository.ts';
import { aStory } from '../../conftest/story.ts';
import type { Story } from '../../conftest/story.ts';

let story: Story;
beforeAll(async () => {
  story = await aStory({ branches: ['18.0', 'master'], repositories: ['app', 'web'] });
  story.ignoreComments();
});
afterAll(() => story[Symbol.asyncDispose]());

async function approve(pull: TestPull, ...commands: string[]): Promise<void> {
  await pull.passes();
  await pull.comment('r+');
  for (const command of commands) await pull.comment(command);
  await story.settle();
}

/** Lets the running staging of a branch pass. */
async function land(branch: string): Promise<void> {
  for (const one of story.repositories) await one.branch(`staging.${branch}`).passes();
  await story.settle();
}

describe('a pull request', () => {
  it('B-064 onto a branch that only looks like a target is left alone', async () => {
    const app = story.repository();
    const master = (await app.head('master')) ?? '';
    for (const name of [master.slice(0, 12), 'heads/master']) {
      const ref = { ref: `refs/heads/${name}`, sha: master };
      await story.as('root').post(`${app.path}/git/refs`, ref);
      const pull = await app.pullRequest({ onto: name });
      await approve(pull);
      expect(await story.repository().head(`staging.${name}`)).toBeNull();
      expect(await pull.isClosed()).toBe(false);
    }
  });

  it('B-069 B-070 B-086 lands with its own words, and closes nothing elsewhere by the bot’s hand', async () => {
    const app = story.repository();
    const issue = await story.as('alice').post('/repos/acme/web/issues', { title: 'Elsewhere' });
    const body = [
      `closes acme/web#${String(issue.number)}`,
      '',
      'X-original-commit: 0123456789012345678901234567890123456789',
      'Forward-port-of: acme/app#1',
      'Signed-off-by: CEO <ceo@acme.test>',
    ].join('\n');
    const pull = await app.pullRequest({ title: 'Trailers', body });
    await approve(pull, 'squash');
    const before = (await app.head('master')) ?? '';
    await land('master');
    expect(await pull.state()).toBe('merged');
    const [message = ''] = await app.messages('master', before);
    expect(message).toMatch(/closes acme\/app#\d+$|Signed-off-by: rita <rita@acme\.test>$/m);
    const ports = await story.bot.world.db.query<unknown[]>(
      'select from pull_request where source_id is not null',
    );
    expect(ports).toEqual([]); // the forged trailer made no port of it (I-37)
  });

  it('B-071 whose history shares nothing with its target is refused once, with the reason', async () => {
    const app = story.repository();
    const pull = await app.pullRequest({ name: 'world', by: 'alice' });
    await story.settle();
    const commits = [{ message: 'Another world', files: { w: 'w' } }];
    await app.pushCommits({ by: 'alice', branch: 'world', from: NOTHING, commits });
    await approve(pull, 'merge');
    expect(await pull.state()).toBe('error');
    await story.pass(3_600_000);
    const told = (await pull.said()).filter((text) => text.includes('no common commit'));
    expect(told).toHaveLength(1);
  });

  it('B-072 that brings nothing new is told so once, and not tried again', async () => {
    const app = story.repository();
    const adds = { twice: 'the same\n' };
    const [first, second] = [await app.pullRequest({ adds }), await app.pullRequest({ adds })];
    await approve(first);
    await land('master');
    expect(await first.state()).toBe('merged');
    await approve(second);
    await story.pass(3_600_000);
    await story.pass(3_600_000);
    expect(await second.state()).toBe('error');
    const told = (await second.said()).filter((text) => /nothing|empty|already/i.test(text));
    expect(told).toHaveLength(1);
  });

  it('B-073 that is retargeted, drafted or reopened has to be approved anew or made ready', async () => {
    const pull = await story.repository().pullRequest({ onto: 'master' });
    await approve(pull);
    await pull.edit({ base: '18.0' });
    await story.settle();
    expect((await pull.info()).approved_sha).toBeNull();
    const other = await story.repository().pullRequest();
    await approve(other);
    await other.close();
    await story.settle();
    await other.reopen();
    await story.settle();
    expect((await other.info()).approved_sha).toBeNull();
  });

  it('B-074 of the same branch as another, onto another target, is a batch of its own', async () => {
    const app = story.repository();
    const name = 'two-targets';
    const one = await app.pullRequest({ name, onto: '18.0' });
    const { number } = await story.as('alice').post(`${app.path}/pulls`, {
      title: 'The same onto master',
      head: `alice:${name}`,
      base: 'master',
    });
    await story.settle();
    const [first, second] = [await one.info(), await app.pull(Number(number)).info()];
    expect(first.batch).not.toBe(second.batch);
  });
});

describe('a branch of the bot', () => {
  it('B-067 B-065 that somebody took before is not mistaken for its own', async () => {
    const app = story.repository('web');
    const master = await app.head('master');
    const squat = await app.commit('master', { squat: 'x\n' });
    await story.as('root').patch(`${app.path}/git/refs/heads/master`, { sha: master, force: true });
    const ref = { ref: 'refs/heads/staging.master', sha: squat };
    await story
      .as('root')
      .post(`${app.path}/git/refs`, ref)
      .catch(() =>
        story
          .as('root')
          .patch(`${app.path}/git/refs/heads/staging.master`, { sha: squat, force: true }),
      );
    const pull = await app.pullRequest({ name: '🚂-\u202egnp' });
    await approve(pull);
    expect(await app.head('staging.master')).not.toBe(squat);
    await land('master');
    expect(await pull.state()).toBe('merged');
    expect(await app.files('master')).not.toHaveProperty('squat');
  });
});
