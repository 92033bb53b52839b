import { describe, expect, it } from '@jest/globals';
import { aStory } from '../conftest/story.ts';

describe('pull requests that conflict with each other (R21)', () => {
  it('check 12 (R21): names the one ahead, is no error yet, and becomes one when that one has landed', async () => {
    await using story = await aStory();
    const app = story.repository();
    await story.api('PATCH', '/api/crons/staging', { active: false, reason: 'gather them first' });
    const first = await app.pullRequest({ name: 'one', adds: { same: 'one\n' } });
    const second = await app.pullRequest({ name: 'two', adds: { same: 'two\n' } });
    for (const pull of [first, second]) {
      await pull.passes();
      await pull.comment('r+');
      await story.settle();
    }
    await story.api('PATCH', '/api/crons/staging', { active: true, reason: 'go' });
    await story.settle();
    expect(await second.state()).toBe('ready');
    expect(await second.said()).toEqual([
      expect.stringMatching(
        new RegExp(`@alice @rita .*conflicts in \`same\` with ${first.name}, which is ahead`),
      ),
    ]);

    await app.branch('staging.master').passes();
    await story.settle();
    expect([await first.state(), await second.state()]).toEqual(['merged', 'error']);
    expect((await second.said())[0]).toContain('conflicts with its target in `same`');
  });

  it('says how long it waited, in seconds below a minute, for CI to begin at all (R11)', async () => {
    await using story = await aStory({ staging: { timeout: '60m', start_timeout: '5s' } });
    const pull = await story.repository().pullRequest({ name: 'one', adds: { one: '1\n' } });
    await pull.passes();
    await pull.comment('r+');
    await story.settle();
    await story.pass(6000);
    expect(await pull.state()).toBe('error');
    expect((await pull.said())[0]).toMatch(/timed out after [1-9][0-9]? seconds.*never reported/);
  });
});
