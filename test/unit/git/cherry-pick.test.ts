import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Sha } from '../../../src/lib/ids.ts';
import { aWorkTree, borrowObjects, pickInMemory, writeHistory } from './comparison.ts';
import { histories } from './generated-histories.ts';
import { aScratch, BOT, PERSON, type Scratch } from './scratch.ts';

const RUNS = Number(process.env['GIT_HISTORIES'] ?? 200);
const labels = { ours: '18.0', base: 'base', theirs: 'acme/app#7' };

/** Ruling R26: whatever the conflict is, it can be seen. */
async function expectVisible(scratch: Scratch, onto: Sha, commit: Sha): Promise<void> {
  const signatures = { author: PERSON, committer: BOT };
  const plan = { onto, commits: [commit], labels, message: 'x\n', ...signatures };
  const made = await scratch.clone.conflictCommit(plan);
  if (made.kind !== 'made') throw new Error(JSON.stringify(made));
  expect(await scratch.clone.hasConflictMarkers(made.commit)).toBe(true);
}

describe('a pick in memory', () => {
  it(`gives the tree and the verdict of git cherry-pick, for ${RUNS} histories`, async () => {
    await using scratch = await aScratch();
    borrowObjects(scratch, join(scratch.folder, 'clones', '7.git'));
    const cherryPick = aWorkTree(scratch);
    const bases = new Map<string, Sha>();
    const seen = { clean: 0, conflict: 0 };

    const agrees = fc.asyncProperty(histories, async (history) => {
      const { onto, commit } = writeHistory(scratch, { bases }, history);
      const expected = cherryPick(onto, commit);
      expect(await pickInMemory(scratch, onto, commit)).toEqual(expected);
      if (expected.kind === 'conflict') await expectVisible(scratch, onto, commit);
      seen[expected.kind] += 1;
    });
    await fc.assert(agrees, { numRuns: RUNS, seed: 20_260_101 });

    // Neither side of the comparison may have become rare without anybody noticing.
    expect(Math.min(seen.clean, seen.conflict)).toBeGreaterThan(RUNS / 5);
  }, 600_000);
});
