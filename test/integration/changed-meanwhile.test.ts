import { describe, expect, it } from '@jest/globals';
import { GitGate } from '../conftest/faults/git-gate.ts';
import { until } from '../conftest/faults/processes.ts';
import type { Json } from '../conftest/people.ts';
import type { TestPull } from '../conftest/pull.ts';
import { aStory, type Story } from '../conftest/story.ts';

/** Everything a pull request needs to be staged. */
async function getReady(pull: TestPull): Promise<void> {
  await pull.passes();
  await pull.comment('r+');
}

const isReady = ({ state }: Json) => state === 'ready';

/** Lets every cron run but the one that is kept waiting, until this is true of the pull request. */
async function hear(story: Story, pull: TestPull, isSo = isReady): Promise<void> {
  await until('the pull request to be heard of', async () => {
    await story.control('GET', '/_sim/idle?timeout_ms=10000');
    await story.bot.runner.kickDue();
    const known = await pull.info().catch(() => null);
    return known !== null && isSo(known) ? true : null;
  });
}

describe('a staging that is being built', () => {
  it('is forgotten when a linked pull request joined meanwhile, ready at once as it may be (I-07)', async () => {
    using gate = new GitGate('rev-list');
    await using story = await aStory({
      repositories: ['app', 'web'],
      settings: { git: { program: gate.program } },
    });
    story.ignoreComments();
    const [app, web] = [story.repository('app'), story.repository('web')];
    const one = await app.pullRequest({ name: 'both' });
    await getReady(one);
    gate.shut();
    const building = story.settle();
    await gate.isReached();
    const other = await web.pullRequest({ name: 'both' });
    await getReady(other);
    await hear(story, other);
    gate.open();
    await building;
    await story.settle();

    await app.branch('staging.master').passes();
    await web.branch('staging.master').passes();
    await story.settle();
    expect(await one.state()).toBe('merged');
    expect(await other.state()).toBe('merged');
  });

  it('is built anew when a title changed meanwhile, which lands as it is (I-12)', async () => {
    using gate = new GitGate('rev-list');
    await using story = await aStory({ settings: { git: { program: gate.program } } });
    story.ignoreComments();
    const app = story.repository();
    const pull = await app.pullRequest({ name: 'one' });
    await pull.passes();
    await pull.comment('r+ squash');
    gate.shut();
    const building = story.settle();
    await gate.isReached();
    await pull.edit({ title: 'Another title' });
    await hear(story, pull, (info) => info.title === 'Another title' && info.state !== 'ready');
    await pull.comment('r+');
    await hear(story, pull);
    gate.open();
    await building;
    await story.settle();

    await app.branch('staging.master').passes();
    await story.settle();
    expect(await pull.state()).toBe('merged');
    expect(await app.show('master', '%s')).toMatch(/^Another title/);
  });
});
