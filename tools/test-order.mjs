// The order in which jest takes the files of tests: the longest first, whose names are known, since a fresh checkout has no times of earlier runs.
import Sequencer from '@jest/test-sequencer';

const LONGEST = /\/test\/faults\//;

/** The usual order (what failed, what took long, what is large), but for those that would otherwise end the run alone. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const [first, then] = [[], []];
    for (const test of super.sort(tests)) (LONGEST.test(test.path) ? first : then).push(test);
    return [...first, ...then];
  }
}
