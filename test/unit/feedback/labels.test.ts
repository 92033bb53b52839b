import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldLabels, type Labels } from '../../../src/feedback/labels.ts';

const label = fc.constantFrom('conflict', 'forwardport', '18.1', 'Conflict');
const change = fc.record({ add: fc.array(label), remove: fc.array(label) });

/** What GitHub's label set becomes when each change is made by itself. */
function replay(changes: readonly Labels[]): string[] {
  const set = new Set<string>(['18.1', 'other']);
  for (const { add, remove } of changes) {
    for (const name of remove) set.delete(name.toLowerCase());
    for (const name of add) set.add(name.toLowerCase());
  }
  return [...set].sort();
}

describe('folded label changes', () => {
  it('leave the labels that the changes one by one would have left', () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        expect(replay([foldLabels(changes)])).toEqual(replay(changes));
      }),
    );
  });

  it('name no label twice', () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const { add, remove } = foldLabels(changes);
        const names = [...add, ...remove].map((name) => name.toLowerCase());
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });
});
