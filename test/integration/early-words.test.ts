import { describe, expect, it } from '@jest/globals';
import { redeliverFailed } from '../conftest/faults/redeliver.ts';
import { aStory } from '../conftest/story.ts';

describe('webhooks that come late or never', () => {
  it('do not make the bot speak of what it has not missed, nor keep a chain from going on', async () => {
    await using story = await aStory();
    const app = story.repository();
    const webhooks = (mode: string) => story.control('PUT', '/_sim/webhooks', { mode });
    await webhooks('drop');
    const pull = await app.pullRequest({ onto: '17.0', adds: { door: 'oak\n' } });
    await pull.passes();
    await webhooks('deliver');
    await pull.comment('r+');
    await redeliverFailed(story);
    await story.settle();
    expect(await pull.said()).toEqual([]);
    expect(await pull.reactions()).toEqual(['+1']);

    await app.branch('staging.17.0').passes();
    await story.settle();
    const [port] = await app.ports();
    await webhooks('drop');
    await port!.passes();
    await webhooks('deliver');
    await story.api('POST', '/api/crons/reconcile/trigger');
    await story.settle();
    expect(await app.ports()).toHaveLength(2);
    story.ignoreComments();
  });
});
