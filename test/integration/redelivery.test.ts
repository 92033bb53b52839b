import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** From now on the bot is an App: GitHub tells it things by the App's own webhook alone, and it logs in with the App's key. */
async function becomeApp(story: Story): Promise<void> {
  const hook_secret = 'the-secret-of-the-webhook-of-the-app';
  const made = await story.control('POST', '/_sim/apps', {
    slug: 'stagecoach',
    permissions: { contents: 'write', pull_requests: 'write', issues: 'write', statuses: 'read' },
    events: ['pull_request', 'issue_comment', 'status', 'push'],
    hook_url: `${story.bot.url}/webhooks/github`,
    hook_secret,
  });
  for (const { path } of story.repositories) {
    for (const hook of (await story.as('root').get(`${path}/hooks`)) as Json[])
      await story.as('root').delete(`${path}/hooks/${String(hook.id)}`);
  }
  const file = join(story.folder, 'app.pem');
  writeFileSync(file, made.private_key as string);
  const app = { id: made.id, private_key_file: file, installation_id: made.installation_id };
  await story.reconfigure({ project: { token: undefined, app, webhook_secret: hook_secret } });
}

describe('an outage of the receiver', () => {
  it('loses nothing of what an App is told by its own webhook', async () => {
    await using story = await aStory();
    await becomeApp(story);
    const start = await stopReceiver(story);
    const lost = await story.repository().pullRequest();
    await lost.passes();
    await lost.comment('r+');
    await story.control('GET', '/_sim/idle?timeout_ms=10000');
    await start();
    const before = await deliveries(story);
    expect(before.filter((one) => one.status !== 'delivered').length).toBeGreaterThan(2);

    await story.api('POST', '/api/reconcile', {});
    await story.settle();
    expect(await lost.info()).toMatchObject({ state: 'ready' });
    const asked = (await story.control('GET', '/_sim/requests')) as Json[];
    const again = asked.filter((one) => one.operation === 'apps/redeliver-webhook-delivery');
    expect(again.map((one) => one.actor)).toContain('stagecoach');
    story.ignoreComments();
  });

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
