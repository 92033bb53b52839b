import { beforeAll, describe } from '@jest/globals';
import { survivesMishaps, tellUndisturbed, type Undisturbed } from './crashes.ts';
import { survivesDisorder } from './events.ts';
import { PORTING } from './scenarios.ts';
import { survivesTwoCrashes } from './twice.ts';

describe.each(PORTING)('$name', (scenario) => {
  let undisturbed: Undisturbed;
  beforeAll(async () => {
    undisturbed = await tellUndisturbed(scenario);
  });
  survivesMishaps(scenario, () => undisturbed);
  survivesTwoCrashes(scenario, () => undisturbed);
  survivesDisorder(scenario, () => undisturbed);
});
