import { describe, expect, it } from '@jest/globals';
import { tally } from '../conftest/faults/effort.ts';
import { play } from '../conftest/faults/play.ts';
import { type Plan, Points } from '../conftest/faults/points.ts';
import { twoRepositories, update } from './scenarios.ts';

/** Dies right after the first point of each kind. */
function dieAfter(...kinds: readonly RegExp[]): Plan {
  const left = [...kinds];
  return (key) => {
    const at = left.findIndex((kind) => kind.test(key));
    if (at < 0) return null;
    left.splice(at, 1);
    return 'die after';
  };
}

describe('a process that takes over on another machine', () => {
  it('builds again what was lost with a clone, and lands what it has never seen (R5, I-48)', async () => {
    const points = new Points(
      dieAfter(
        /: commit .*\binsert staging,/, // built, and nowhere but in the clone
        /: push acme\/app tmp\.master/, // proven by the one, not yet by the other
        /: push acme\/app master/, // half-way
      ),
    );
    const { state } = await play(twoRepositories, points);
    tally('crash points', points.met.length);
    expect(points.met).toHaveLength(3);
    expect(state['rows pulls']).toEqual([
      expect.stringContaining('acme/app#1 merged'),
      expect.stringContaining('acme/web#1 merged'),
    ]);
  });

  it('adopts a port branch that was pushed by a process which died with its clone (P3, F-015)', async () => {
    const points = new Points(
      dieAfter(/: push acme\/app 18\.0-door-\d+-fw/, /^land: write update/),
    );
    const { state } = await play(update, points);
    tally('crash points', points.met.length);
    expect(state['rows ports']).toEqual([
      expect.stringContaining('1 to 18.0 opened'),
      expect.stringContaining('1 to master opened'),
    ]);
  });
});
