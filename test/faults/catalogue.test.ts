import { beforeAll, describe, expect, it } from '@jest/globals';
import { ALL, sample, SEED, tally } from '../conftest/faults/effort.ts';
import { differences } from '../conftest/faults/end-state.ts';
import { play } from '../conftest/faults/play.ts';
import { Points } from '../conftest/faults/points.ts';
import { GIT_ROWS, GITHUB_ROWS, OTHER_ROWS, type Row } from './catalogue.ts';
import { tellUndisturbed, type Undisturbed } from './crashes.ts';
import { twoRepositories } from './scenarios.ts';

let undisturbed: Undisturbed;
beforeAll(async () => {
  undisturbed = await tellUndisturbed(twoRepositories);
});

const chosen = (rows: readonly Row[], count: number) => (ALL ? rows : sample(rows, count, SEED));

describe('two repositories merge all the same under', () => {
  it.each([...chosen(GITHUB_ROWS, 1), ...chosen(GIT_ROWS, 1), ...chosen(OTHER_ROWS, 1)])(
    '$id: $what',
    async ({ trouble }) => {
      const { state } = await play(twoRepositories, new Points(), trouble);
      tally('faults', 1);
      expect(differences(undisturbed.state, state)).toEqual([]);
    },
  );
});
