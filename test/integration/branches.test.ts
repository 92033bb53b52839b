import { describe, expect, it } from '@jest/globals';
import { aStory } from '../conftest/story.ts';

describe('a branch that is disabled', () => {
  it('check 38: ends its staging, tells whoever has a pull request there, warns who comes later, and lets go who is retargeted', async () => {
    await using story = await aStory();
    const app = story.repository();
    const pull = await app.pullRequest({ onto: '18.0' });
    await pull.passes();
    await pull.comment('r+');
    await story.settle();
    const branch = '/api/projects/acme/branches/18.0';
    await story.api('PATCH', branch, { active: false, reason: 'end of life' });
    await story.settle();
    expect((await pull.info()).staging).toBeNull();
    expect(await app.head('staging.18.0')).toBeNull();
    expect(await pull.said()).toEqual([expect.stringMatching(/@alice @rita `18.0` was disabled/)]);
    expect(await pull.isClosed()).toBe(false);
    const late = await app.pullRequest({ onto: '18.0' });
    await late.passes();
    await story.settle();
    expect(await late.said()).toEqual([expect.stringMatching(/^`18.0` is disabled/)]);
    await late.edit({ base: '17.0' });
    await late.passes();
    await late.comment('squash r+'); // from there it has two commits
    await story.settle();
    expect(await late.said()).toEqual([expect.stringContaining('`squash`')]);
    expect((await late.info()).staging).not.toBeNull();
    await story.api('PATCH', branch, { active: true, reason: 'not yet' });
    await story.settle();
    expect((await pull.info()).staging).not.toBeNull();
  });
});
