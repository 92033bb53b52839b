import { beforeAll, describe, expect, it } from '@jest/globals';
import { survivesMishaps, tellUndisturbed, type Undisturbed } from '../crashes.ts';
import { survivesDisorder } from '../events.ts';
import { spoken } from '../scenarios.ts';

describe(spoken.name, () => {
  let undisturbed: Undisturbed;
  beforeAll(async () => {
    undisturbed = await tellUndisturbed(spoken);
  });
  it('lands by the delegate, and closes the issue', () => {
    expect(undisturbed.state['rows pulls']).toEqual([expect.stringMatching(/ merged .* by bob /)]);
    expect(undisturbed.state['issues acme/app']).toEqual(['#1 closed']);
    expect(undisturbed.state['comments acme/app#2']?.join('\n')).toContain('nobody-at-all');
  });
  survivesMishaps(spoken, () => undisturbed);
  survivesDisorder(spoken, () => undisturbed);
});
