import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tally } from '../../conftest/faults/effort.ts';
import { landInTime, narrowGit } from '../../conftest/faults/narrow-git.ts';
import { aStory } from '../../conftest/story.ts';

/** Nothing packs it: it needs its room. */
const large = () => randomBytes(30_000).toString('base64');

/** Packs that nobody will finish: they may be as large as a repository. */
function halfPacks(clones: string): string[] {
  const all = readdirSync(clones, { recursive: true, encoding: 'utf8' });
  return all.filter((path) => /pack\/\.?tmp[_-]/.test(path));
}

describe('a disk with no room for what is fetched', () => {
  it.each([
    ['one large file', 1],
    ['more files than git unpacks', 120],
  ])(
    'keeps %s waiting, blames nobody, is not filled further, and is forgotten once there is room (F-095)',
    async (_, files) => {
      const folder = mkdtempSync(join(tmpdir(), 'narrow-'));
      try {
        const git = narrowGit(folder, 'ulimit -f 8');
        await using story = await aStory({
          branches: ['18.0', 'master'],
          settings: { git: { program: git.program } },
        });
        const app = story.repository();
        git.narrow();
        story.log.expect(/./);
        const adds = Object.fromEntries(
          Array.from({ length: files }, (__, i) => [`file-${i}`, i === 0 ? large() : `${i}\n`]),
        );
        const pull = await app.pullRequest({ name: 'change', adds });
        await pull.passes();
        await pull.comment('r+');
        await story.settle();
        for (let hour = 0; hour < 6; hour += 1) await story.pass(3_600_000);
        const told = story.log.lines.filter((line) => line.level >= 40);
        expect(told.map(({ err, error }) => JSON.stringify(err ?? error))).toContainEqual(
          expect.stringMatching(/git fetch failed .*File too large/),
        );
        expect(await pull.said()).toEqual([]);
        expect(halfPacks(join(story.folder, 'bot'))).toEqual([]);
        expect(await app.head('staging.master')).toBeNull();
        const figures = await (await fetch(`${story.bot.url}/metrics`)).text();
        expect(figures).toMatch(/^stagecoach_disk_free_bytes\{\} [1-9]\d*$/m);

        git.widen();
        await landInTime(story);
        expect(await pull.state()).toBe('merged');
        story.ignoreComments();
        tally('faults', 1);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
