import { describe, expect, it } from '@jest/globals';
import { stagecoach } from '../conftest/cli.ts';
import { aStory, type Story } from '../conftest/story.ts';

const RITA = { login: 'rita', email: 'rita@acme.test', review: ['acme/app'], admin: true };

describe('the table of rights', () => {
  it('is changed by the file and by admins, who have the last word, and holds at once', async () => {
    const commands = { priority: { add: ['author'] } };
    await using story = await aStory({ people: [RITA], project: { rights: { commands } } });
    const pull = await story.repository().pullRequest({ by: 'alice' });
    await pull.comment('priority', 'alice');
    await story.settle();
    expect((await pull.info()).priority).toBe('priority');

    const rights = (...args: string[]) =>
      stagecoach(['rights', ...args], { STAGECOACH_URL: story.bot.url });
    const [why, calm] = ['too many were urgent', 'it is quiet again'];
    const set = await rights('set', 'acme', 'priority', 'admin', '--reason', why);
    expect(set).toEqual({ code: 0, stdout: 'priority is for admin\n', stderr: '' });
    expect((await rights('list', 'acme')).stdout).toMatch(
      /^priority +admin +by the file, by an admin$/m,
    );
    await pull.comment('nice', 'alice');
    await story.settle();
    expect((await pull.info()).priority).toBe('priority');
    expect(await pull.said()).toEqual([
      '@alice you may not use `nice` here. It is for reviewers of the repository. Nothing of your comment was carried out.',
    ]);
    const { items } = await story.api('GET', '/api/projects/acme/rights');
    expect(items.find((one: { command: string }) => one.command === 'priority')).toMatchObject({
      roles: ['admin'],
      default: ['admin'],
      file: { add: ['author'], remove: [] },
      local: { add: [], remove: ['author'] },
    });

    const reset = await rights('reset', 'acme', 'priority', '--reason', calm);
    expect(reset.stdout).toBe('priority is for author, admin\n');
    await pull.comment('alone', 'alice');
    await story.settle();
    expect((await pull.info()).priority).toBe('alone');
    const audit = await story.api('GET', '/api/audit?object=command:acme/priority');
    expect(audit.items.map((one: { action: string }) => one.action)).toEqual([
      'rights.reset',
      'rights.change',
      'config.add',
    ]);
  });
});

async function letWrite(story: Story, login: string): Promise<void> {
  await story.as('root').put(`/repos/acme/app/collaborators/${login}`, { permission: 'push' });
}

describe('rights at GitHub (R32)', () => {
  const project = { rights: { from: 'github' } };

  it('let a collaborator with write review, and nobody else', async () => {
    await using story = await aStory({ people: [RITA], project });
    const app = story.repository();
    await letWrite(story, 'alice');
    const mine = await app.pullRequest({ by: 'alice' });
    const his = await app.pullRequest({ by: 'eve' });
    await mine.comment('r+', 'eve');
    await his.comment('r+', 'alice');
    await mine.comment('r+', 'alice');
    await story.settle();
    expect([await mine.state(), await his.state()]).toEqual(['opened', 'approved']);
    expect((await his.info()).approved_by).toBe('alice');
    expect(await mine.said()).toHaveLength(2);
  });

  it('give nothing while they cannot be read, and keep the order of what was said', async () => {
    await using story = await aStory({ people: [RITA], project });
    await letWrite(story, 'alice');
    const pull = await story.repository().pullRequest({ by: 'eve' });
    await story.settle();
    await story.control('POST', '/_sim/faults', {
      match: { path: 'collaborators/alice/permission' },
      effect: { status: 502 },
      times: 20,
    });
    await pull.comment('r+', 'alice');
    await story.settle();
    await pull.comment('priority', 'alice');
    await pull.comment('r-', 'alice');
    await story.settle();
    expect(await pull.state()).toBe('opened');
    expect(await pull.said()).toEqual([]);

    await story.control('DELETE', '/_sim/faults');
    await story.pass(120_000);
    const log = await story.bot.world.db.query<{ outcome: string }[]>(
      'select outcome from command_log order by github_id',
    );
    expect(log.map((row) => row.outcome)).toEqual(['done', 'done', 'done']);
    expect(await pull.info()).toMatchObject({ state: 'opened', priority: 'priority' });
    story.log.expect(/row will be tried again/);
  });
});
