import { describe, expect, it } from '@jest/globals';
import type { TestPull } from '../conftest/pull.ts';
import { aStory, type Story } from '../conftest/story.ts';

/** Ready pull requests, all in one staging. */
async function staged(story: Story, count: number): Promise<TestPull[]> {
  const app = story.repository();
  await story.api('PATCH', '/api/crons/staging', { active: false, reason: 'gather them first' });
  const pulls: TestPull[] = [];
  for (let n = 0; n < count; n += 1) {
    const pull = await app.pullRequest({ name: `p${n}`, adds: { [`p${n}`]: 'x\n' } });
    await pull.passes();
    await pull.comment('r+');
    await story.settle();
    pulls.push(pull);
  }
  await story.api('PATCH', '/api/crons/staging', { active: true, reason: 'go' });
  await story.settle();
  return pulls;
}

const states = (pulls: readonly TestPull[]) => Promise.all(pulls.map((pull) => pull.state()));

describe('a staging that does not become green', () => {
  it('seed 05: is split until the culprit is found, and everybody else lands', async () => {
    await using story = await aStory();
    const app = story.repository();
    const [good, bad] = await staged(story, 2);
    const staging = app.branch('staging.master');
    await staging.fails();
    await story.settle();
    expect(await states([good!, bad!])).toEqual(['ready', 'ready']);
    await staging.passes();
    await story.settle();
    expect(await states([good!, bad!])).toEqual(['merged', 'ready']);
    await staging.fails();
    await story.settle();
    expect(await states([good!, bad!])).toEqual(['merged', 'error']);
    expect((await bad!.said())[0]).toMatch(/@alice @rita .*ci\/test/s);
    expect(await good!.said()).toEqual([]);
  });

  it('is never tested twice on the same targets: where the halves were given up, a half is staged at once (R20)', async () => {
    await using story = await aStory();
    story.ignoreComments();
    const app = story.repository();
    const pulls = await staged(story, 3);
    const staging = app.branch('staging.master');
    await staging.fails();
    await story.settle();
    const urgent = await app.pullRequest({ name: 'urgent', adds: { urgent: 'x\n' } });
    await urgent.comment('NOW!'); // cancels what runs and gives up the splits
    await story.settle();
    await staging.fails();
    await story.settle();
    expect(await urgent.state()).toBe('error');

    const running = await story.api('GET', '/api/stagings?active=true');
    const numbers = (one: { batches: { pulls: { number: number }[] }[] }) =>
      one.batches.flatMap((batch) => batch.pulls.map((pull) => pull.number));
    expect(running.items.map(numbers)).toEqual([[pulls[0]!.number, pulls[1]!.number]]);
    expect(running.items).toMatchObject([{ parent: 1 }]);
    await staging.passes();
    await story.settle();
    await staging.passes(); // the third waited as a split of its own
    await story.settle();
    expect(await states(pulls)).toEqual(['merged', 'merged', 'merged']);
  });

  it('check 21: is given up when its target moved on, and its batch is staged again on what is there now', async () => {
    await using story = await aStory();
    const app = story.repository();
    const [pull] = await staged(story, 1);
    const first = await app.head('staging.master');
    const moved = await app.commit('master', { elsewhere: 'x\n' });
    await app.branch('staging.master').passes();
    await story.settle();
    const second = await app.head('staging.master');
    expect(second).not.toBe(first);
    expect(await app.head('master')).toBe(moved);
    const { items } = await story.api('GET', '/api/stagings?state=ff_failed');
    expect(items).toMatchObject([{ reason: 'acme/app: the target has moved on' }]);
    await app.branch('staging.master').passes();
    await story.settle();
    expect(await pull!.state()).toBe('merged');
    expect(await app.head('master')).toBe(second);
  });
});

describe('a staged pull request that is no longer what was approved', () => {
  it.each([
    ['pushed to', (pull: TestPull) => pull.push([{ message: 'More', files: { more: 'y\n' } }])],
    ['unreviewed', (pull: TestPull) => pull.comment('r-')],
    ['closed', (pull: TestPull) => pull.close()],
    ['red', (pull: TestPull) => pull.fails()],
    ['retargeted', (pull: TestPull) => pull.edit({ base: '18.0' })],
  ])('leaves its staging at once when it is %s', async (_what, change) => {
    await using story = await aStory();
    const [pull] = await staged(story, 1);
    const { staging } = await pull!.info();
    expect(staging).not.toBeNull();
    await change(pull!);
    await story.settle();
    expect((await pull!.info()).staging).toBeNull();
    expect(['opened', 'validated', 'approved', 'closed']).toContain(await pull!.state());
    story.ignoreComments();
  });
});
