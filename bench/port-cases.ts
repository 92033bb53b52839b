import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Sha } from '../src/lib/ids.ts';
import {
  aWorkTree,
  borrowObjects,
  pickInMemory,
  type Verdict,
  writeHistory,
} from '../test/unit/git/comparison.ts';
import { histories } from '../test/unit/git/generated-histories.ts';
import { aScratch } from '../test/unit/git/scratch.ts';
import { timeOf } from './figures.ts';

/** Generated histories ported both ways; times in milliseconds, one value a history. */
export interface Comparison {
  readonly cases: number;
  /** In how many tree and verdict were the same. */
  readonly agreed: number;
  /** How many of these were no conflict. */
  readonly clean: number;
  readonly ours: readonly number[];
  readonly classical: readonly number[];
}

const SEED = 20_260_102; // not that of the tests

/** Ports the changes of generated histories within a repository of so many files, which no history touches. */
export async function comparePorts(size: { cases: number; files: number }): Promise<Comparison> {
  await using scratch = await aScratch();
  borrowObjects(scratch, join(scratch.folder, 'clones', '7.git'));
  const cherryPick = aWorkTree(scratch);
  const crowd = Array.from({ length: size.files }, (_, n) => {
    const path = `crowd${n % 100}/part${n % 7}/file${n}.txt`;
    return [path, `file ${n}\n`] as const;
  });
  const on = scratch.commit({ files: Object.fromEntries(crowd) });
  const bases = new Map<string, Sha>();
  const found = { agreed: 0, clean: 0, ours: [] as number[], classical: [] as number[] };
  for (const history of fc.sample(histories, { numRuns: size.cases, seed: SEED })) {
    const { onto, commit } = writeHistory(scratch, { bases, on }, history);
    let [wanted, got]: (Verdict | null)[] = [null, null];
    found.classical.push(await timeOf(() => (wanted = cherryPick(onto, commit))));
    found.ours.push(await timeOf(async () => (got = await pickInMemory(scratch, onto, commit))));
    if (!isDeepStrictEqual(wanted, got)) continue;
    found.agreed += 1;
    if ((wanted as Verdict | null)?.kind === 'clean') found.clean += 1;
  }
  return { cases: size.cases, ...found };
}
