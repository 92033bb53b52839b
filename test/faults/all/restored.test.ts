import { describe, expect, it } from '@jest/globals';
import { Backup } from '../../conftest/faults/backup.ts';
import { tally } from '../../conftest/faults/effort.ts';
import { differences } from '../../conftest/faults/end-state.ts';
import type { MortalStory } from '../../conftest/faults/mortal.ts';
import { play, type Scenario, type Trouble } from '../../conftest/faults/play.ts';
import { Points } from '../../conftest/faults/points.ts';
import { twoRepositories, update } from '../scenarios.ts';

/** After each act, the records are again what they were before it; GitHub is not. */
function forgetting(acts: readonly string[], { acts: all }: Scenario): Trouble {
  const names = Object.keys(all);
  let at = 0;
  let backup: Backup | null = null;
  const take = async (mortal: MortalStory) => {
    backup = acts.includes(names[at] ?? '') ? await Backup.take(mortal) : null;
  };
  return {
    begin: take,
    after: async (mortal) => {
      if (backup) {
        mortal.story.forgiven.push(/^I-(?:01|20|24) /); // judged by what the records do not know any more
        await backup.restore(mortal);
        await mortal.story.api('POST', '/api/crons/reconcile/trigger');
        await mortal.settle();
      }
      at += 1;
      await take(mortal);
    },
  };
}

/** Landings, of which the older records know nothing any more. */
const TOLD: readonly (readonly [Scenario, readonly string[]])[] = [
  [twoRepositories, ['test']],
  [update, ['land both']],
];

describe('a database that is put back from an older copy', () => {
  it.each(TOLD.map(([scenario, acts]) => ({ name: scenario.name, scenario, acts })))(
    'moves no target, opens nothing and says nothing twice after: $name (I-49, F-029, F-118)',
    async ({ scenario, acts }) => {
      const undisturbed = await play(scenario, new Points());
      const restored = await play(scenario, new Points(), forgetting(acts, scenario));
      tally('faults', acts.length);
      expect(differences(undisturbed.state, restored.state)).toEqual([]);
    },
    300_000,
  );
});
