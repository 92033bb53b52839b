import { describe, expect, it } from '@jest/globals';
import { Backup } from '../../conftest/faults/backup.ts';
import { tally } from '../../conftest/faults/effort.ts';
import { differences } from '../../conftest/faults/end-state.ts';
import type { MortalStory } from '../../conftest/faults/mortal.ts';
import { play, type Scenario, type Trouble } from '../../conftest/faults/play.ts';
import { Points } from '../../conftest/faults/points.ts';
import { conflict, twoRepositories, update } from '../scenarios.ts';

/** The acts that are forgotten: all from one to another. */
interface Span {
  readonly from: string;
  readonly to: string;
}

/** After the last act of a span, the records are again what they were before its first; GitHub is not. */
function forgetting({ from, to }: Span, { acts }: Scenario): Trouble {
  const names = Object.keys(acts);
  let at = 0;
  let backup: Backup | null = null;
  const take = async (mortal: MortalStory) => {
    if (names[at] === from) backup = await Backup.take(mortal);
  };
  return {
    begin: take,
    after: async (mortal) => {
      if (backup && names[at] === to) {
        mortal.story.forgiven.push(/^I-(?:01|20|24) /); // judged by what the records do not know any more
        const known = await families(mortal);
        await backup.restore(mortal);
        expect(await families(mortal)).not.toEqual(known);
        await mortal.story.api('POST', '/api/crons/reconcile/trigger');
        await mortal.settle();
        expect(await families(mortal)).toEqual(known);
        backup = null;
      }
      at += 1;
      await take(mortal);
    },
  };
}

/** What landed, what is a port of what, and what follows what. */
function families({ story }: MortalStory): Promise<unknown> {
  return story.bot.world.db.query(
    `select r.name, p.number, p.merged_sha, p.commits_map, s.number as source, o.number as parent, t.state, t.branch
       from pull_request p join repository r on r.id = p.repository_id
       left join pull_request s on s.id = p.source_id left join pull_request o on o.id = p.parent_id
       left join port t on t.pull_request_id = p.id
      order by 1, 2`,
  );
}

/** What the older records know nothing of. */
const TOLD: readonly (readonly [Scenario, Span])[] = [
  [twoRepositories, { from: 'test', to: 'test' }],
  [update, { from: 'land', to: 'land' }],
  [update, { from: 'land', to: 'test the first port' }],
  [update, { from: 'test the first port', to: 'test the first port' }],
  [update, { from: 'land both', to: 'land both' }],
  [conflict, { from: 'land', to: 'land' }],
];

describe('a database that is put back from an older copy', () => {
  it.each(TOLD.map(([scenario, span]) => ({ name: scenario.name, ...span, scenario })))(
    'comes to the same end as if nothing had been forgotten: $name, $from to $to (I-49, F-029, F-118)',
    async ({ scenario, ...span }) => {
      const undisturbed = await play(scenario, new Points());
      const restored = await play(scenario, new Points(), forgetting(span, scenario));
      tally('faults', 1);
      expect(differences(undisturbed.state, restored.state)).toEqual([]);
    },
  );

  it('knows again what people solved and landed, though not what they had said (I-49, F-029, F-118)', async () => {
    const until = Object.entries(conflict.acts).slice(0, 7);
    const scenario = { ...conflict, acts: Object.fromEntries(until) };
    const span = { from: 'land', to: 'land the port' };
    await play(scenario, new Points(), forgetting(span, scenario));
    tally('faults', 1);
  });
});
