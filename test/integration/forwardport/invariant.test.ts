import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setLimit } from '../../../src/forwardport/limit.ts';
import { setPolicy } from '../../../src/forwardport/policy.ts';
import { Branch } from '../../../src/models/branch.ts';
import { PullRequest } from '../../../src/models/pull-request.ts';
import { holes, strangers } from './port-checks.ts';
import { HOUR_MS } from './port-seed.ts';
import type { PortWorld } from './port-types.ts';
import { aPortWorld } from './port-world.ts';

/** One thing that happens; `pick` chooses among what there is. */
interface Happening {
  readonly kind: (typeof KINDS)[number];
  readonly pick: number;
}

const KINDS = [
  'land',
  'green',
  'green',
  'green',
  'red',
  'push',
  'close',
  'land-port',
  'add-branch',
  'disable',
  'enable',
  'limit',
  'fw=no',
  'fw=default',
  'off',
  'fail',
] as const;

const happening = fc.record({ kind: fc.constantFrom(...KINDS), pick: fc.nat(1000) });

async function happen(world: PortWorld, { kind, pick }: Happening, step: number): Promise<void> {
  const { manager } = world.db;
  const branches = await manager.find(Branch, { order: { sequence: 'asc' } });
  const pulls = await manager.find(PullRequest, { order: { id: 'asc' } });
  const open = pulls.filter((one) => one.state !== 'merged' && one.state !== 'closed');
  const some = <T>(list: readonly T[]) => list[pick % Math.max(1, list.length)];
  const [pull, branch, port] = [some(pulls), some(branches), some(open)];
  switch (kind) {
    case 'land': {
      const onto = some(branches.slice(0, 2))!.name;
      const files = pick % 3 === 0 ? { f: `step ${step}\n` } : { [`file${step}`]: `${step}\n` };
      await world.lands({ onto, name: `change-${step}`, commits: [{ files }] });
      return;
    }
    case 'green':
      if (port) await world.ci(port, 'success');
      return;
    case 'red':
      if (port) await world.ci(port, 'failure');
      return;
    case 'push': {
      if (!port) return;
      const head = world
        .scratch()
        .commit({ on: port.head as never, files: { [`p${step}`]: '1\n' } });
      world.scratch().branch(port.headLabel.split(':')[1]!, head);
      return world.hears(port, { head });
    }
    case 'close':
      if (port) await world.hears(port, { closed: true });
      return;
    case 'land-port':
      if (port && !port.conflict) await world.lands(port);
      return;
    case 'add-branch': {
      const at = branches[Math.max(1, pick % (branches.length + 1))] ?? null;
      const from = at ?? branches.at(-1)!;
      await world.addBranch(`x${step}`, at ? at.sequence : branches.length, from.name);
      return;
    }
    case 'disable':
    case 'enable':
      if (branch && branch.sequence > 0)
        await manager.update(Branch, branch.id, { active: kind === 'enable' });
      return;
    case 'limit': {
      if (!pull || !branch) return;
      const request = { pull, branch: branch.name, key: `step/${step}`, now: world.now() };
      await world.db.transaction((tx) => setLimit(tx, request));
      return;
    }
    case 'fw=no':
    case 'fw=default': {
      const policy = kind === 'fw=no' ? 'no' : 'default';
      if (pull)
        await world.db.transaction((tx) => setPolicy(tx, { pull, policy, now: world.now() }));
      return;
    }
    case 'off':
      return world.switch('forwardport', pick % 2 === 0);
    case 'fail': {
      let left = 1 + (pick % 3);
      world.onCall((operation, when) => {
        if (when !== (pick % 2 ? 'before' : 'after') || left === 0) return;
        left -= 1;
        throw new Error(`${operation} failed`);
      });
    }
  }
}

describe('whatever happens, and in whatever order', () => {
  it('each landed change has one port or one reason on every later branch (R28, I-35)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 6, maxLength: 14 }), async (story) => {
        await using world = await aPortWorld();
        await world.lands({ onto: 'a', name: 'first', commits: [{ files: { first: '1\n' } }] });
        for (const [step, one] of story.entries()) {
          await happen(world, one, step);
          if (one.pick % 4 > 0) await world.settle();
          world.advance(1000);
        }
        world.onCall(() => undefined);
        await world.switch('forwardport', true);
        for (let hour = 0; hour < 4; hour += 1) {
          await world.settle();
          world.advance(HOUR_MS);
        }
        expect(await holes(world)).toEqual([]);
        expect(await strangers(world)).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });
});
