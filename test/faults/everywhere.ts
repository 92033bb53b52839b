import { beforeAll, describe } from '@jest/globals';
import type { Scenario } from '../conftest/faults/play.ts';
import { survivesMishaps, tellUndisturbed, type Undisturbed } from './crashes.ts';
import { survivesDisorder } from './events.ts';
import { survivesTwoCrashes } from './twice.ts';

/**
 * Tells a story with something going wrong wherever something can: one file of tests a story, so that all cores have something
 * to tell.
 *
 * @param tests what else must be true of the undisturbed telling.
 */
export function toldEverywhere(
  scenario: Scenario,
  tests: (undisturbed: () => Undisturbed) => void = () => undefined,
): void {
  describe(scenario.name, () => {
    let undisturbed: Undisturbed;
    beforeAll(async () => {
      undisturbed = await tellUndisturbed(scenario);
    });
    tests(() => undisturbed);
    survivesMishaps(scenario, () => undisturbed);
    survivesTwoCrashes(scenario, () => undisturbed);
    survivesDisorder(scenario, () => undisturbed);
  });
}
