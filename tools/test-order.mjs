// The order in which jest takes the files of tests: the longest first, whose names are known, since a fresh checkout has no times of earlier runs.
import Sequencer from '@jest/test-sequencer';

/** Longest first: stories told under every mishap, then the other faults. */
const LONG = [/\/test\/faults\/(?:merging|porting)\/|\/spoken\./, /\/test\/faults\//];

/** The usual order (what failed, what took long, what is large), but for those that would otherwise end the run alone. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const found = LONG.findIndex((one) => one.test(path));
      return found < 0 ? LONG.length : found;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b)); // equal ones stay as they are
  }
}
