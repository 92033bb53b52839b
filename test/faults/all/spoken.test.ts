import { expect, it } from '@jest/globals';
import { toldEverywhere } from '../everywhere.ts';
import { spoken } from '../scenarios.ts';

toldEverywhere(spoken, (undisturbed) => {
  it('lands by the delegate, and closes the issue', () => {
    const { state } = undisturbed();
    expect(state['rows pulls']).toEqual([expect.stringMatching(/ merged .* by bob /)]);
    expect(state['issues acme/app']).toEqual(['#1 closed']);
    expect(state['comments acme/app#2']?.join('\n')).toContain('nobody-at-all');
  });
});
