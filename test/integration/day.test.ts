import { describe, expect, it } from '@jest/globals';
import { aStory } from '../conftest/story.ts';

describe('the day of a change (issue A, point 6)', () => {
  it('tests two linked pull requests together and lands them in both repositories', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    const [app, web] = story.repositories;
    const one = await app!.pullRequest({ name: 'feature', adds: { a: 'app\n' } });
    const two = await web!.pullRequest({ name: 'feature', adds: { w: 'web\n' } });
    await one.passes();
    await one.comment('r+');
    await story.settle();
    expect(await one.state()).toBe('ready');
    expect((await one.info()).blocked).toContain(`${two.name} is waiting for review`);
    expect(await app!.head('staging.master')).toBeNull();

    await two.passes();
    await two.comment('r+');
    await story.settle();
    const heads = [await app!.head('staging.master'), await web!.head('staging.master')];
    expect(heads).not.toContain(null);
    expect((await one.info()).batch).toBe((await two.info()).batch);
    for (const repository of story.repositories) await repository.branch('staging.master').passes();
    await story.settle();

    expect([await app!.head('master'), await web!.head('master')]).toEqual(heads);
    expect([await one.state(), await two.state()]).toEqual(['merged', 'merged']);
    expect([await one.isClosed(), await two.isClosed()]).toEqual([true, true]);
    expect(await app!.files('master')).toMatchObject({ a: 'app' });
  });

  it('lands a single commit as a fast-forward with the reference and the sign-off', async () => {
    await using story = await aStory();
    const app = story.repository();
    const before = (await app.head('master'))!;
    const pull = await app.pullRequest({ title: 'Add one', adds: { one: '1\n' } });
    await pull.passes();
    await pull.comment('r+');
    await story.settle();
    await app.branch('staging.master').passes();
    await story.settle();

    expect(await pull.state()).toBe('merged');
    const [message] = await app.messages('master', before);
    expect(message).toBe(
      `Add one\n\ncloses acme/app#${pull.number}\n\nSigned-off-by: rita <rita@acme.test>`,
    );
    expect(await app.refLog('refs/heads/master')).toMatchObject([
      { forced: false },
      { from: before, to: await app.head('master'), forced: false },
    ]);
    expect(await pull.reactions()).toEqual(['+1']);
    expect(await pull.labels()).toEqual(['18.1']);
  });

  it('seed 01: ports what landed branch by branch, no job named, and merges the chain with one approval at its end', async () => {
    await using story = await aStory();
    const app = story.repository();
    const pull = await app.pullRequest({ onto: '17.0', name: 'fix', adds: { g: 'x\n' } });
    await pull.passes();
    await pull.comment('r+');
    await story.settle();
    await app.branch('staging.17.0').passes();
    await story.settle();
    expect(await pull.state()).toBe('merged');

    const [first] = await app.ports();
    expect(await first!.target()).toBe('18.0');
    expect(await first!.labels()).toContain('forwardport');
    expect(await first!.files()).toMatchObject({ g: 'x', '18.0.txt': '18.0' });
    await first!.passes();
    await story.settle();
    const [, second] = await app.ports();
    expect(await second!.target()).toBe('master');
    await second!.passes();
    await second!.comment('r+');
    await story.settle();
    expect([await first!.state(), await second!.state()]).toEqual(['ready', 'ready']);
    for (const branch of ['18.0', 'master']) await app.branch(`staging.${branch}`).passes();
    await story.settle();

    expect([await first!.state(), await second!.state()]).toEqual(['merged', 'merged']);
    for (const branch of ['18.0', 'master']) expect((await app.files(branch))['g']).toBe('x');
    story.ignoreComments();
  });

  it('opens a port in conflict with visible markers, for a person to solve', async () => {
    await using story = await aStory({ branches: ['17.0', 'master'] });
    const app = story.repository();
    await app.commit('master', { f: 'other\n' });
    const pull = await app.pullRequest({ onto: '17.0', name: 'fix', adds: { f: 'fixed\n' } });
    await pull.passes();
    await pull.comment('r+');
    await story.settle();
    await app.branch('staging.17.0').passes();
    await story.settle();

    const [port] = await app.ports();
    expect(await port!.labels()).toEqual(['conflict', 'forwardport']);
    const { f } = await port!.files();
    expect(f).toMatch(/<<<<<<< [^]*\|\|\|\|\|\|\| [^]*=======[^]*fixed[^]*>>>>>>> /);
    expect((await port!.said()).join('\n')).toContain('@alice');

    await port!.push([{ message: 'Solve it', files: { f: 'solved\n' } }], 'stagecoach');
    await story.settle();
    await port!.passes();
    await port!.comment('squash r+');
    await story.settle();
    await app.branch('staging.master').passes();
    await story.settle();
    expect(await port!.state()).toBe('merged');
    expect((await app.files('master'))['f']).toBe('solved');
    story.ignoreComments();
  });
});
