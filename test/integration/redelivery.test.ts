import { describe, expect, it } from '@jest/globals';
import type { Json } from '../conftest/people.ts';
import { aStory, type Story } from '../conftest/story.ts';

/** The bot goes away; what GitHub tells it meanwhile reaches nobody. @returns how to start it where it was. */
async function stopReceiver(story: Story): Promise<() => Promise<void>> {
  const { url } = story.bot;
  const port = Number(new URL(url).port);
  await story.bot.stop();
  return async () => {
    story.config = { ...story.config, server: { ...story.config.server, port, url } };
    await story.startBot();
    await story.settle();
  };
}

describe('an outage of the receiver', () => {
  it('loses nothing: GitHub is asked to deliver again, comments too, in their order', async () => {
    await using story = await aStory();
    const app = story.repository();
    const known = await app.pullRequest();
    await story.settle();
    const start = await stopReceiver(story);
    await known.comment('r+');
    const fresh = await app.pullRequest();
    await fresh.passes();
    for (const words of ['priority', 'r+', 'nice']) await fresh.comment(words);
    await known.comment('r-');
    await story.control('GET', '/_sim/idle?timeout_ms=10000');
    await start();
    expect(await known.state()).toBe('opened');
    await expect(fresh.info()).rejects.toThrow('404');

    await story.api('POST', '/api/reconcile', {});
    await story.settle();
    expect(await known.state()).toBe('opened');
    expect(await fresh.info()).toMatchObject({ state: 'ready', priority: 'nice' });
    const guids = (await deliveries(story)).map((one) => one.guid as string);
    const acted = await story.bot.world.db.query<{ guid: string }[]>(
      'select guid from delivery where done_at is not null',
    );
    expect(acted.map((row) => row.guid).sort()).toEqual([...new Set(guids)].sort());

    await story.api('POST', '/api/reconcile', {});
    await story.settle();
    expect(await deliveries(story)).toHaveLength(guids.length); // nothing is asked for twice
    story.ignoreComments();
  });
});

async function deliveries(story: Story): Promise<Json[]> {
  const answer = await story.control('GET', '/_sim/deliveries');
  return (answer.items ?? answer) as Json[];
}
