import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tally } from '../../conftest/faults/effort.ts';
import { landInTime, narrowGit } from '../../conftest/faults/narrow-git.ts';
import { aStory } from '../../conftest/story.ts';

const HOURS = 1;
/** Tries wait longer and longer: an hour sees a few, and each is a handful of gits. */
const GITS_AN_HOUR = 100;

describe('a git without memory', () => {
  it.each([
    ['to unpack what it fetched', 'ulimit -v 30000', 20_000_000],
    ['to start', 'ulimit -v 2000', 1000],
  ])(
    '%s blames nobody, is not tried in a storm, and works once it has some (F-022)',
    async (_, limit, bytes) => {
      const folder = mkdtempSync(join(tmpdir(), 'narrow-'));
      try {
        const git = narrowGit(folder, limit);
        await using story = await aStory({
          branches: ['18.0', 'master'],
          settings: { git: { program: git.program } },
        });
        const app = story.repository();
        git.narrow();
        story.log.expect(/./);
        const adds = { change: randomBytes(bytes).toString('base64') };
        const pull = await app.pullRequest({ name: 'change', adds });
        await pull.passes();
        await pull.comment('r+');
        await story.settle();
        const before = gitsOf(story.log.lines);
        for (let hour = 0; hour < HOURS; hour += 1) await story.pass(3_600_000);
        expect(gitsOf(story.log.lines) - before).toBeLessThan(GITS_AN_HOUR * HOURS);
        const told = story.log.lines.filter((line) => line.level >= 40);
        expect(told.map(({ err }) => JSON.stringify(err))).toContainEqual(
          expect.stringMatching(/git .* failed/),
        );
        expect(await pull.said()).toEqual([]);
        expect(await app.head('staging.master')).toBeNull();

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

function gitsOf(lines: readonly { readonly msg: string }[]): number {
  return lines.filter(({ msg }) => msg === 'git ran').length;
}
