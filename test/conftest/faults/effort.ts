import { appendFileSync } from 'node:fs';

/** How much is tried: a sample of everything by default, all of it for `npm run test:faults`. */
export const ALL = process.env['STAGECOACH_FAULTS'] === 'all';

/** How many times as many inputs the fuzzing tries as `npm test` does. */
export const INPUTS = Number(process.env['STAGECOACH_FUZZ'] ?? (ALL ? '20' : '1'));

/** The same seed makes the same choices. */
export const SEED = Number(process.env['STAGECOACH_SEED'] ?? 1);

/** What is counted. */
export type Tried =
  'crash points' | 'pairs of crashes' | 'event orders' | 'faults' | 'inputs' | 'processes';

/** Adds to the count that `npm run test:faults` prints at its end. */
export function tally(what: Tried, count: number): void {
  const file = process.env['STAGECOACH_FAULTS_TALLY'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ what, count })}\n`);
}

/** Numbers of chance between 0 and 1 which a seed repeats (a linear congruence: good enough to choose by). */
export function chance(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** Some of a list, in its order. */
export function sample<T>(list: readonly T[], count: number, seed: number): T[] {
  const next = chance(seed);
  const ranked = list.map((one, at) => ({ at, one, rank: next() }));
  ranked.sort((a, b) => a.rank - b.rank);
  return ranked
    .slice(0, count)
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
