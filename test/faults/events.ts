import { expect, it } from '@jest/globals';
import { ALL, sample, SEED, tally } from '../conftest/faults/effort.ts';
import { differences, type EndState } from '../conftest/faults/end-state.ts';
import type { MortalStory } from '../conftest/faults/mortal.ts';
import { play, type Scenario, type Trouble } from '../conftest/faults/play.ts';
import { Points } from '../conftest/faults/points.ts';
import { redeliverFailed } from '../conftest/faults/redeliver.ts';
import type { Undisturbed } from './crashes.ts';

/** A way for webhooks to come otherwise than they should. */
interface Disorder {
  readonly name: string;
  readonly trouble: Trouble;
}

const webhooks = (mode: string, seed = 1) => ({
  begin: async ({ story }: MortalStory): Promise<void> => {
    await story.control('PUT', '/_sim/webhooks', { mode, seed });
  },
});

/** They come, but after the bot has looked and found nothing to do; late is also what they say. */
const delayed: Disorder = {
  name: 'delayed (F-076)',
  trouble: {
    ...webhooks('hold'),
    after: async (mortal) => {
      await mortal.story.control('POST', '/_sim/webhooks/release');
      await mortal.settle();
      await mortal.story.control('POST', '/_sim/webhooks/release'); // what the bot itself has caused since
      await mortal.settle();
    },
  },
};

/** Only `reconcile` is left to find what happened. What people said is nowhere else: that, GitHub delivers again. */
const lost: Disorder = {
  name: 'lost (F-077, I-25)',
  trouble: {
    ...webhooks('drop'),
    after: async (mortal) => {
      await reconcile(mortal);
      await redeliverFailed(mortal.story, ['issue_comment']);
      await mortal.settle();
      await reconcile(mortal); // what followed from the words was not told either
    },
  },
};

async function reconcile(mortal: MortalStory): Promise<void> {
  await mortal.story.api('POST', '/api/crons/reconcile/trigger');
  await mortal.settle();
}

const doubled: Disorder = { name: 'doubled (F-073)', trouble: webhooks('duplicate') };

const shuffled = (seed: number): Disorder => ({
  name: `shuffled by seed ${seed} (F-075)`,
  trouble: webhooks('shuffle', seed),
});

const SEEDS = Array.from({ length: 10 }, (_, n) => SEED + n);
const EVERY = [doubled, delayed, lost, ...SEEDS.map(shuffled)];
const MINUTES = 60_000;

/** Tests that a story ends as it should in whatever order its webhooks come, or whether they come at all (I-22). */
export function survivesDisorder(scenario: Scenario, undisturbed: () => Undisturbed): void {
  const seed = SEED + scenario.name.length; // each story another one
  const some = ALL ? EVERY : sample(EVERY, 1, seed);
  it.each(some)(
    'ends the same with webhooks $name (I-22)',
    async ({ trouble }) => {
      const { state } = await play(scenario, new Points(), trouble);
      tally('event orders', 1);
      expect(differences(settled(undisturbed().state), settled(state))).toEqual([]);
    },
    10 * MINUTES,
  );
}

/** Which pull requests were tested together on the way depends on which were ready first. */
function settled(state: EndState): EndState {
  return Object.fromEntries(
    Object.entries(state).filter(([key]) => !/^rows stagings|staging\./.test(key)),
  );
}
