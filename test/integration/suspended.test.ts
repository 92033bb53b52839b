import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signAppJwt } from '../../src/github/app-jwt.ts';
import { aStory, type Story } from '../conftest/story.ts';

const MINUTE = 60_000;

interface App {
  readonly id: number;
  readonly installation_id: number;
  readonly private_key: string;
}

/** From now on the bot of the story is an App. */
async function becomeAnApp(story: Story): Promise<App> {
  const permissions = { contents: 'write', pull_requests: 'write', issues: 'write' };
  const wanted = { slug: 'stagecoach', account: 'acme', permissions };
  const app = (await story.control('POST', '/_sim/apps', wanted)) as unknown as App;
  const { id, installation_id, private_key } = app;
  writeFileSync(join(story.folder, 'app.pem'), private_key);
  const login = { id, installation_id, private_key_file: 'app.pem' };
  await story.reconfigure({ project: { token: undefined, app: login } });
  await story.bot.stop();
  await story.restartBot();
  await story.settle();
  return app;
}

/** What an owner of the organisation does on GitHub's pages. */
async function suspend(story: Story, app: App, method: 'PUT' | 'DELETE'): Promise<void> {
  const clock = { now: () => new Date() };
  const { jwt } = signAppJwt({ id: app.id, privateKeyPem: app.private_key }, clock);
  const url = `${story.sim}/app/installations/${app.installation_id}/suspended`;
  const answer = await fetch(url, { method, headers: { authorization: `Bearer ${jwt}` } });
  expect(answer.status).toBe(204);
}

describe('an installation that is suspended', () => {
  it('lets everything wait, with the reason in sight, and loses nothing by it (F-065)', async () => {
    await using story = await aStory({ branches: ['18.0', 'master'] });
    story.ignoreComments();
    story.log.expect(/./);
    const app = await becomeAnApp(story);
    const repository = story.repository();
    const pull = await repository.pullRequest({ name: 'change' });
    await pull.passes();
    await story.settle();
    await pull.comment('r+');
    await suspend(story, app, 'PUT');
    await story.settle();
    for (let i = 0; i < 3; i += 1) await story.pass(1); // GitHub's clock goes on by itself: no long waits here
    const waiting = await story.bot.world.db.query<object[]>(
      'select attempts, dead_at, last_error from feedback where done_at is null',
    );
    expect(waiting.length).toBeGreaterThan(0);
    const why = expect.stringMatching(/installation has been suspended; everything waits/);
    for (const row of waiting) expect(row).toEqual({ attempts: 0, dead_at: null, last_error: why });
    await story.bot.stop();
    await story.restartBot(); // which starts all the same

    await suspend(story, app, 'DELETE');
    await story.api('POST', '/api/crons/reconcile/trigger'); // while both clocks say the same it logs in
    await story.settle();
    await story.pass(6 * MINUTE);
    await story.pass(6 * MINUTE);
    await repository.branch('staging.master').passes();
    await story.settle();
    expect(await pull.state()).toBe('merged');
  }, 60_000);
});
