import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { aStory, type Story } from '../conftest/story.ts';

/** Commits that the clone of the first repository keeps from being cleaned away. */
function kept(story: Story): string[] {
  const clone = join(story.folder, 'bot', 'clones', '1.git');
  const list = ['for-each-ref', '--format=%(refname:lstrip=3)', 'refs/bot/commit'];
  return execFileSync('git', ['-C', clone, ...list])
    .toString()
    .split('\n')
    .filter(Boolean);
}

describe('maintenance of the clones', () => {
  it('lets go of what nothing open needs, keeps the rest, and merging goes on', async () => {
    await using story = await aStory();
    const app = story.repository();
    const landed = await app.pullRequest({ onto: 'master' });
    await landed.passes();
    await landed.comment('r+');
    await story.settle();
    await app.branch('staging.master').passes();
    await story.settle();
    const open = await app.pullRequest({ onto: 'master' });
    await open.passes();
    await open.comment('r+');
    await story.settle();
    const [landedHead, openHead] = [(await landed.info()).head, (await open.info()).head];
    const before = kept(story);
    await story.api('POST', '/api/crons/maintenance/trigger', {});
    await story.settle();
    const after = kept(story);
    await app.branch('staging.master').passes();
    await story.settle();

    expect(before).toEqual(expect.arrayContaining([landedHead, openHead]));
    expect(after).toContain(openHead);
    expect(after).not.toContain(landedHead);
    expect(await open.state()).toBe('merged');
  });
});
