import { describe, expect, it } from '@jest/globals';
import { days, hours } from '../../conftest/clock.ts';
import type { TestPull } from '../../conftest/pull.ts';
import type { TestRepository } from '../../conftest/repository.ts';
import { aStory, type Story } from '../../conftest/story.ts';

/** Approves, stages and lands pull requests of one branch, one in each repository. */
async function land(story: Story, ...pulls: readonly TestPull[]): Promise<void> {
  const target = await pulls[0]!.target();
  for (const pull of pulls) {
    await pull.passes();
    await pull.comment('r+');
  }
  await story.settle();
  const names = pulls.map((pull) => pull.repository.fullName.replace('acme/', ''));
  for (const name of names) await story.repository(name).branch(`staging.${target}`).passes();
  await story.settle();
}

/** The newest open port of a repository. */
async function newestPort(repository: TestRepository): Promise<TestPull> {
  const port = (await repository.ports()).at(-1);
  if (!port) throw new Error(`no port in ${repository.name}`);
  return port;
}

describe('a chain of ports at GitHub', () => {
  it('follows a change somebody pushes in its middle, and takes its own pushes for its own (I-38)', async () => {
    await using story = await aStory();
    story.ignoreComments();
    const app = story.repository();
    await land(story, await app.pullRequest({ onto: '17.0', adds: { door: 'oak\n' } }));
    const first = await newestPort(app);
    await first.passes();
    await story.settle();
    const last = await newestPort(app);
    await first.push([{ message: 'Use steel', files: { door: 'steel\n' } }], 'stagecoach');
    await story.settle();
    expect(await first.info()).toMatchObject({ parent: null, detach_reason: expect.any(String) });
    expect(await last.info()).toMatchObject({
      parent: { name: first.name },
      head: await last.head(),
    });
    expect(await last.files()).toMatchObject({ door: 'steel' });
    await first.comment('squash');
    await land(story, first);
    expect((await app.ports()).map((port) => port.number)).toEqual([last.number]);
  });

  it('stops in both repositories when one conflicts, and goes on when that is solved and landed', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    story.ignoreComments();
    const [app, web] = story.repositories as [TestRepository, TestRepository];
    await app.commit('18.0', { door: 'glass\n' });
    const one = await app.pullRequest({ onto: '17.0', name: 'door', adds: { door: 'oak\n' } });
    const two = await web.pullRequest({ onto: '17.0', name: 'door', adds: { html: '<door>\n' } });
    await land(story, one, two);
    const [stuck, linked] = [await newestPort(app), await newestPort(web)];
    expect((await stuck.files())['door']).toContain('<<<<<<<');
    expect(await linked.labels()).toEqual(['conflict', 'forwardport']);
    await stuck.push([{ message: 'Solve', files: { door: 'oak and glass\n' } }], 'stagecoach');
    await story.settle();
    expect(await stuck.labels()).toEqual(['forwardport']);
    await stuck.comment('squash'); // the conflict and its solution
    await land(story, stuck, linked);
    expect(await (await newestPort(app)).target()).toBe('master');
    expect(await (await newestPort(web)).target()).toBe('master');
  });

  it('is approved by the author of its source, who has no other right (spec 14.2)', async () => {
    await using story = await aStory({
      branches: ['18.0', 'master'],
      people: [
        { login: 'rita', email: 'rita@acme.test', review: ['acme/app'] },
        { login: 'alice', email: 'alice@acme.test' },
      ],
    });
    story.ignoreComments();
    const app = story.repository();
    await land(story, await app.pullRequest({ onto: '18.0', by: 'alice' }));
    const port = await newestPort(app);
    await port.passes();
    await port.comment('r+', 'bob');
    await story.settle();
    expect(await port.state()).toBe('validated');
    await port.comment('r+', 'alice');
    await story.settle();
    expect(await port.state()).toBe('ready');
  });

  it('passes an override on to the ports that are attached, and to no other; r+ reaches up, r- only what it is said on (spec 10, 14)', async () => {
    await using story = await aStory();
    story.ignoreComments();
    const app = story.repository();
    await land(story, await app.pullRequest({ onto: '17.0' }));
    const first = await newestPort(app);
    await first.comment('override=ci/test');
    await story.settle();
    const last = await newestPort(app);
    expect([await last.target(), await last.state()]).toEqual(['master', 'validated']);
    await last.comment('r+');
    await story.settle();
    expect([await first.state(), await last.state()]).toEqual(['ready', 'ready']);
    await first.said();
    await first.comment('r-');
    await story.settle();
    expect([await first.state(), await last.state()]).toEqual(['validated', 'ready']);
    expect(await first.said()).toEqual([expect.stringContaining(`${last.name} stays approved.`)]);
    await last.push([{ message: 'More', files: { more: 'x\n' } }], 'stagecoach');
    await story.settle();
    expect(await last.state()).toBe('opened');
  });

  it('is limited, taken further and spoken on by comments, within the branches that it still reaches (spec 19.4, 22)', async () => {
    await using story = await aStory();
    story.ignoreComments();
    const app = story.repository();
    const pull = await app.pullRequest({ onto: '17.0' });
    await pull.comment('up to 18.0');
    await pull.comment('remindme:master="drop the shim"', 'eve');
    for (const branch of ['16.0', '17.0']) await pull.comment(`remindme:${branch}=x`, 'eve');
    await story.settle();
    expect(await pull.said()).toEqual([
      'This is ported up to `18.0`.',
      '@eve `16.0` is no branch of this project.',
      '@eve `17.0` is not among the branches that this is ported to.',
    ]);
    await land(story, pull);
    const port = await newestPort(app);
    await port.passes();
    await story.settle();
    expect(await app.ports()).toHaveLength(1);
    await port.comment('up to master');
    await story.settle();
    const last = await newestPort(app);
    expect(await last.target()).toBe('master');
    expect((await last.said()).at(-1)).toBe('@eve you asked to be reminded here: drop the shim');
    await pull.said();
    await pull.comment('up to 18.0');
    await pull.comment('remindme:18.0=again', 'eve');
    await story.settle();
    expect(await pull.said()).toEqual([
      `This is ported up to \`master\`, not \`18.0\`, because ${last.name} exists: close it there if it is not wanted.`,
      '@eve `18.0` has its port already.',
    ]);
  });

  it('ends when its author closes the newest port by a comment', async () => {
    await using story = await aStory();
    story.ignoreComments();
    const app = story.repository();
    const pull = await app.pullRequest({ onto: '17.0', by: 'alice' });
    await pull.comment('close', 'alice'); // is for ports alone
    await land(story, pull);
    expect((await pull.said())[0]).toMatch(/^@alice you may not use `close` here/);
    const port = await newestPort(app);
    await port.comment('close', 'alice');
    await story.settle();
    expect(await port.isClosed()).toBe(true);
    expect(await app.ports()).toEqual([]);
    await story.pass(days(30));
    expect(await app.ports()).toEqual([]);
  });
});

describe('a port whose answer got lost', () => {
  it.each(['/pulls$', '/acme/app.git/git-receive-pack'])(
    'at %s is made once (P3)',
    async (path) => {
      await using story = await aStory({ branches: ['18.0', 'master'] });
      story.ignoreComments();
      story.log.expect(/./);
      const app = story.repository();
      const pull = await app.pullRequest({ onto: '18.0' });
      await pull.passes();
      await pull.comment('r+');
      await story.settle();
      await story.api('PATCH', '/api/crons/forwardport', { active: false, reason: 'story' });
      await app.branch('staging.18.0').passes();
      await story.settle();
      const fault = {
        match: { method: 'POST', path },
        effect: { status: 502, after_effect: true },
        times: 1,
      };
      await story.control('POST', '/_sim/faults', fault);
      await story.api('PATCH', '/api/crons/forwardport', { active: true, reason: 'story' });
      await story.settle();
      await story.pass(hours(1));
      const ports = await app.ports();
      expect(ports).toHaveLength(1);
      expect(await ports[0]!.info()).toMatchObject({
        parent: { name: pull.name },
        source: { name: pull.name },
      });
    },
  );
});

describe('a reminder at GitHub', () => {
  it('seed 17 and seed 20: is a comment that names author and reviewer, and assigns nobody', async () => {
    await using story = await aStory({ branches: ['18.0', 'master'] });
    story.ignoreComments();
    const app = story.repository();
    await land(story, await app.pullRequest({ onto: '18.0', by: 'alice' }));
    const port = await newestPort(app);
    await port.said();
    await story.pass(days(2));
    expect(await port.said()).toEqual([]);
    await story.pass(days(2));
    expect(await port.said()).toEqual([
      expect.stringMatching(/^@alice @rita .* has been waiting for [34] days/),
    ]);
    await story.pass(days(1));
    expect(await port.said()).toHaveLength(1);
    expect(await port.github()).toMatchObject({ assignees: [] });
  });
});
