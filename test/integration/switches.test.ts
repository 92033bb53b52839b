import { describe, expect, it } from '@jest/globals';
import { aStory, type Story } from '../conftest/story.ts';

const turn = (story: Story, cron: string, active: boolean) =>
  story.api('PATCH', `/api/crons/${cron}`, { active, reason: 'the story wants it' });

async function readyPull(story: Story, onto = 'master') {
  const pull = await story.repository().pullRequest({ onto });
  await pull.passes();
  await pull.comment('r+');
  await story.settle();
  return pull;
}

describe('the switches (issue A, point 7)', () => {
  it('seed 13: merging off: a green staging waits, new ones elsewhere are still made, and nothing is lost', async () => {
    await using story = await aStory();
    const app = story.repository();
    await turn(story, 'merge', false);
    const pull = await readyPull(story);
    await app.branch('staging.master').passes();
    await story.settle();
    expect(await pull.state()).toBe('ready');
    const other = await readyPull(story, '18.0');
    expect(await app.head('staging.18.0')).not.toBeNull();
    await turn(story, 'merge', true);
    await story.settle();
    expect(await pull.state()).toBe('merged');
    expect(await other.state()).toBe('ready');
  });

  it('seed 13: staging off: what runs completes, nothing new is staged, and what waited is staged afterwards', async () => {
    await using story = await aStory();
    const app = story.repository();
    const running = await readyPull(story);
    await turn(story, 'staging', false);
    const waiting = await readyPull(story);
    await app.branch('staging.master').passes();
    await story.settle();
    expect([await running.state(), await waiting.state()]).toEqual(['merged', 'ready']);
    expect((await waiting.info()).staging).toBeNull();
    await turn(story, 'staging', true);
    await story.settle();
    expect((await waiting.info()).staging).not.toBeNull();
  });

  it('statuses off: what CI says counts for nobody, not even where somebody approves meanwhile, and all of it afterwards', async () => {
    await using story = await aStory();
    const app = story.repository();
    const staged = await readyPull(story);
    await turn(story, 'statuses', false);
    await staged.fails(); // would take it out of its staging
    const pull = await app.pullRequest({ onto: '18.0' });
    await pull.passes();
    await pull.comment('r+');
    await staged.comment('priority'); // looks at everything again
    await story.settle();
    expect([await pull.state(), await staged.state()]).toEqual(['approved', 'ready']);
    expect((await staged.info()).staging).not.toBeNull();
    await turn(story, 'statuses', true);
    await story.settle();
    expect([await pull.state(), await staged.state()]).toEqual(['ready', 'approved']);
    expect((await staged.info()).staging).toBeNull();
    story.ignoreComments();
  });

  it('porting off: merging goes on, and the port is made as soon as it is on again', async () => {
    await using story = await aStory();
    const app = story.repository();
    await turn(story, 'forwardport', false);
    const pull = await readyPull(story, '17.0');
    await app.branch('staging.17.0').passes();
    await story.settle();
    expect(await pull.state()).toBe('merged');
    expect(await app.ports()).toEqual([]);
    await turn(story, 'forwardport', true);
    await story.settle();
    expect(await app.ports()).toHaveLength(1);
    story.ignoreComments();
  });

  it('says who turned it off, when and why, and writes it down', async () => {
    await using story = await aStory();
    await turn(story, 'staging', false);
    const { items } = await story.api('GET', '/api/crons');
    const cron = items.find((one: { name: string }) => one.name === 'staging');
    expect(cron).toMatchObject({ active: false, reason: 'the story wants it' });
    const audit = await story.api('GET', '/api/audit');
    expect(JSON.stringify(audit.items)).toContain('the story wants it');
    const pull = await readyPull(story);
    expect((await pull.info()).gates.find((one: { ok: boolean }) => !one.ok)).toMatchObject({
      gate: 'staging-cron',
    });
  });
});
