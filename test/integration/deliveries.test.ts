import { describe, expect, it } from '@jest/globals';
import { aStory } from '../conftest/story.ts';

describe('the inbox of webhooks (issue A, point 5)', () => {
  it.each(['shuffle', 'duplicate'] as const)('comes to the same end with mode %s', async (mode) => {
    await using story = await aStory();
    await story.control('PUT', '/_sim/webhooks', { mode, seed: 7 });
    const app = story.repository();
    const pull = await app.pullRequest();
    await pull.passes();
    await pull.comment('r+');
    await story.settle();
    await story.pass(30_000); // what came too early is tried again
    expect(await pull.state()).toBe('ready');
    await app.branch('staging.master').passes();
    await story.settle();
    await story.pass(30_000);
    expect(await pull.state()).toBe('merged');
    story.ignoreComments();
  });

  it('learns of a pull request it never heard of from the first command on it', async () => {
    await using story = await aStory();
    const app = story.repository();
    await story.control('PUT', '/_sim/webhooks', { mode: 'drop' });
    const pull = await app.pullRequest();
    await story.control('PUT', '/_sim/webhooks', { mode: 'deliver' });
    await pull.comment('r+');
    await story.settle();
    await story.pass(10_000);
    expect(['approved', 'ready', 'opened']).toContain(await pull.state());
    story.ignoreComments();
  });

  it('stages nothing that changed without its hearing of it', async () => {
    await using story = await aStory();
    const app = story.repository();
    await story.api('PATCH', '/api/crons/staging', { active: false, reason: 'wait' });
    const pull = await app.pullRequest();
    await pull.passes();
    await pull.comment('r+');
    await story.settle();
    await story.control('PUT', '/_sim/webhooks', { mode: 'drop' });
    await pull.push([{ message: 'Sneak in', files: { evil: 'x\n' } }]);
    await story.control('PUT', '/_sim/webhooks', { mode: 'deliver' });
    await story.api('PATCH', '/api/crons/staging', { active: true, reason: 'go' });
    await story.settle();
    expect(await app.head('staging.master')).toBeNull();
    expect(await pull.state()).toBe('opened');
    expect(await pull.said()).toEqual([
      expect.stringMatching(/changed without my noticing \(head\)/),
    ]);
  });

  it('keeps what it got while the cron is off, and handles it in order afterwards', async () => {
    await using story = await aStory();
    await story.api('PATCH', '/api/crons/deliveries', { active: false, reason: 'wait' });
    const pull = await story.repository().pullRequest();
    await pull.passes();
    await pull.comment('r+');
    await story.settle();
    await expect(pull.info()).rejects.toThrow('404');
    await story.api('PATCH', '/api/crons/deliveries', { active: true, reason: 'go' });
    await story.settle();
    expect(await pull.state()).toBe('ready');
  });

  it('reads CI from check runs as well as from statuses (R10)', async () => {
    await using story = await aStory();
    const pull = await story.repository().pullRequest();
    const check = { name: 'ci/test', head_sha: await pull.head(), status: 'in_progress' };
    const run = await story.as('ci').post('/repos/acme/app/check-runs', check);
    await story.settle();
    expect(await pull.state()).toBe('opened');
    const done = { status: 'completed', conclusion: 'success' };
    await story.as('ci').patch(`/repos/acme/app/check-runs/${run.id}`, done);
    await story.settle();
    expect(await pull.state()).toBe('validated');
  });
});
