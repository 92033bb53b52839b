import { describe, expect, it } from '@jest/globals';
import { BranchRemoval } from '../../../src/models/queues.ts';
import { DAY_MS, HOUR_MS } from './port-seed.ts';
import type { PortWorld } from './port-types.ts';
import { aPortWorld } from './port-world.ts';

const door = { onto: 'a', name: 'door', commits: [{ files: { door: 'oak\n' } }] };

/** Comments that remind, over time: the world starts at noon. */
async function reminders(
  world: PortWorld,
  pull: Parameters<PortWorld['said']>[0],
): Promise<number> {
  await world.settle();
  return (await world.said(pull)).filter((text) => text.includes('has been waiting')).length;
}

describe('a reminder', () => {
  it('seed 17: comes at nine after three days, and then every day, until the port is closed', async () => {
    await using world = await aPortWorld({ branches: ['a', 'b'] });
    const [source] = await world.lands(door);
    await world.settle();
    const { b } = await world.ports(source!);
    world.advance(3 * DAY_MS);
    expect(await reminders(world, b!)).toBe(0);
    world.advance(21 * HOUR_MS);
    expect(await reminders(world, b!)).toBe(1);
    world.advance(DAY_MS - 1);
    expect(await reminders(world, b!)).toBe(1);
    world.advance(1);
    expect(await reminders(world, b!)).toBe(2);
    world.advance(5 * DAY_MS);
    expect(await reminders(world, b!)).toBe(3);
    await world.hears(b!, { closed: true });
    world.advance(2 * DAY_MS);
    expect(await reminders(world, b!)).toBe(3);
  });

  it('seed 20: names the people by comment: author and reviewer, never the bot', async () => {
    await using world = await aPortWorld({ branches: ['a', 'b'] });
    const [source] = await world.lands(door);
    await world.settle();
    const { b } = await world.ports(source!);
    world.advance(4 * DAY_MS);
    await world.settle();
    expect((await world.said(b!)).at(-1)).toMatch(
      /^@ada @rita this port of acme\/app#1 has been waiting for 4 days/,
    );
  });

  it('comes on the tip of a chain only, and not on what waits for the bot', async () => {
    await using world = await aPortWorld();
    const [source] = await world.lands(door);
    await world.settle();
    const { b } = await world.ports(source!);
    await world.ci(b!, 'success');
    await world.settle();
    const { c } = await world.ports(source!);
    world.advance(4 * DAY_MS);
    expect(await reminders(world, b!)).toBe(0);
    expect(await reminders(world, c!)).toBe(1);
    await world.ci(c!, 'success');
    const approve =
      'update pull_request set approved_by_id = $1, approved_sha = head where source_id = $2';
    await world.db.query(approve, [source!.approvedById, source!.id]);
    await world.ci(c!, 'success');
    expect(await world.reread(c!)).toMatchObject({ state: 'ready' });
    world.advance(DAY_MS);
    expect(await reminders(world, c!)).toBe(1);
  });

  it('follows the back-off schedule where that is set', async () => {
    await using world = await aPortWorld({
      branches: ['a', 'b'],
      settings: { reminders: { afterMs: 3 * DAY_MS, schedule: 'backoff', at: '12:00' } },
    });
    const [source] = await world.lands(door);
    await world.settle();
    const { b } = await world.ports(source!);
    const days: number[] = [];
    for (let day = 1; day <= 60; day += 1) {
      world.advance(DAY_MS);
      if ((await reminders(world, b!)) > days.length) days.push(day);
    }
    expect(days).toEqual([7, 14, 21, 28, 56]);
  });
});

describe('the branch of a port', () => {
  async function removal(world: PortWorld) {
    const [source] = await world.lands(door);
    await world.settle();
    const { b: port } = await world.ports(source!);
    const branch = port!.headLabel.split(':')[1]!;
    const exists = () => world.scratch().git('branch', '--list', branch) !== '';
    return { port: port!, branch, exists };
  }

  it('is removed a week after the port was closed', async () => {
    await using world = await aPortWorld();
    const { port, exists } = await removal(world);
    await world.hears(port, { closed: true });
    world.advance(7 * DAY_MS - 1000);
    await world.settle();
    expect(exists()).toBe(true);
    world.advance(1000);
    await world.settle();
    expect(exists()).toBe(false);
    expect(await world.db.manager.count(BranchRemoval)).toBe(0);
  });

  it('stays when somebody moved it, or reopened the port', async () => {
    await using world = await aPortWorld();
    const { port, branch, exists } = await removal(world);
    await world.hears(port, { closed: true });
    world
      .scratch()
      .branch(branch, world.scratch().commit({ on: port.head as never, files: { own: '1' } }));
    world.advance(8 * DAY_MS);
    await world.settle();
    expect(exists()).toBe(true);
    await world.hears(port, { closed: false });
    expect(await world.db.manager.count(BranchRemoval)).toBe(0);
  });

  it('stays when it is not where the bot pushes, or a branch people work on', async () => {
    await using world = await aPortWorld();
    const theirs = await world.opens({
      onto: 'b',
      name: 'c',
      owner: 'acme',
      commits: [{ files: { x: '1' } }],
    });
    world.scratch().branch('c', theirs.head as never);
    await world.hears(theirs, { closed: true });
    const forked = await world.opens({ onto: 'b', name: 'mine', commits: [{ files: { y: '1' } }] });
    world.scratch().branch('mine', forked.head as never);
    await world.hears(forked, { closed: true });
    world.advance(8 * DAY_MS);
    await world.settle();
    expect(world.scratch().git('branch', '--list', 'c', 'mine').split('\n')).toHaveLength(2);
  });
});
