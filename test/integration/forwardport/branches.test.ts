import { describe, expect, it } from '@jest/globals';
import { holes, portRows } from './port-checks.ts';
import type { PortWorld } from './port-types.ts';
import { aPortWorld } from './port-world.ts';

const door = { onto: 'a', name: 'door', commits: [{ files: { door: 'oak\n' } }] };

async function aChain(world: PortWorld, upTo: string) {
  const [source] = await world.lands(door);
  await world.settle();
  for (;;) {
    const ports = await world.ports(source!);
    const newest = Object.values(ports).at(-1)!;
    if (newest.base === upTo) return { source: source!, ports };
    await world.ci(newest, 'success');
    await world.settle();
  }
}

describe('a branch inserted into a running chain', () => {
  it('gets its port, and the one behind it becomes its child', async () => {
    await using world = await aPortWorld();
    const { source, ports } = await aChain(world, 'c');
    await world.addBranch('bb', 2, 'b');
    await world.settle();
    const now = await world.ports(source);
    expect(now['bb']).toMatchObject({ parentId: ports['b']!.id });
    expect(now['c']).toMatchObject({ id: ports['c']!.id, parentId: now['bb']!.id });
    expect(await holes(world)).toEqual([]);
  });

  it('gets it after a freeze, during which porting is off, and what landed meanwhile is ported once (R28)', async () => {
    await using world = await aPortWorld();
    const { source, ports } = await aChain(world, 'c');
    await world.switch('forwardport', false);
    const [meanwhile] = await world.lands({
      ...door,
      name: 'knob',
      commits: [{ files: { k: '1' } }],
    });
    await world.addBranch('bb', 2, 'b');
    await world.settle();
    expect([await world.ports(source), await world.ports(meanwhile!)]).toEqual([ports, {}]);
    await world.switch('forwardport', true);
    await world.settle();
    expect(Object.keys(await world.ports(source)).sort()).toEqual(['b', 'bb', 'c']);
    const { b } = await world.ports(meanwhile!);
    world.advance(60_000); // or the port on bb would be the same commit, with the same verdict
    await world.ci(b!, 'success');
    await world.settle();
    expect(Object.keys(await world.ports(meanwhile!))).toEqual(['b', 'bb']);
    expect(await holes(world)).toEqual([]);
  });

  it('keeps its conflict to itself', async () => {
    await using world = await aPortWorld();
    const { source, ports } = await aChain(world, 'c');
    await world.addBranch('bb', 2, 'b');
    world
      .scratch()
      .branch('bb', world.scratch().commit({ on: world.head('bb'), files: { door: 'glass\n' } }));
    await world.settle();
    const now = await world.ports(source);
    expect(now['bb']).toMatchObject({ parentId: null, conflict: true });
    expect(now['c']).toMatchObject({ parentId: ports['b']!.id });
  });

  it('hands on the approval of the port behind it', async () => {
    await using world = await aPortWorld();
    const { source, ports } = await aChain(world, 'c');
    const rita = source.approvedById;
    world.advance(60_000); // or the two ports would be one commit, with one CI verdict
    await world.db.query(
      'update pull_request set approved_by_id = $1, approved_sha = head where id = $2',
      [rita, ports['c']!.id],
    );
    await world.addBranch('bb', 2, 'b');
    await world.settle();
    const { bb } = await world.ports(source);
    expect(bb).toMatchObject({ approvedById: rita, approvedSha: bb!.head, state: 'approved' });
  });

  it('is owed nothing by a finished chain whose change it was made with', async () => {
    await using world = await aPortWorld({ branches: ['a', 'b'] });
    const { source, ports } = await aChain(world, 'b');
    await world.landsPort(ports['b']!);
    await world.addBranch('ab', 1, 'b');
    await world.settle();
    expect(Object.keys(await world.ports(source))).toEqual(['b']);
    expect(await portRows(world)).toContainEqual(
      expect.stringContaining('the branch has it already'),
    );
    expect(await holes(world)).toEqual([]);
  });

  it('gets the port of a finished chain that it was cut off before', async () => {
    await using world = await aPortWorld({ branches: ['a', 'b'] });
    const cut = world.head('b');
    const { source, ports } = await aChain(world, 'b');
    await world.landsPort(ports['b']!);
    await world.addBranch('ab', 1, 'b');
    world.scratch().branch('ab', cut);
    await world.settle();
    expect(Object.keys(await world.ports(source))).toEqual(['b', 'ab']);
    expect(await holes(world)).toEqual([]);
  });

  it('gets the ports of finished chains when it is the new development branch, unless it has them', async () => {
    await using world = await aPortWorld({ branches: ['a', 'b'] });
    const cut = world.head('b');
    const { source, ports } = await aChain(world, 'b');
    await world.landsPort(ports['b']!);
    await world.addBranch('c', 2, 'b');
    world.scratch().branch('c', cut);
    await world.settle();
    expect(await world.ports(source)).toMatchObject({ c: { parentId: ports['b']!.id } });
    expect(await holes(world)).toEqual([]);
  });
});

describe('a disabled branch', () => {
  it('is jumped over', async () => {
    await using world = await aPortWorld();
    await world.db.query(`update branch set active = false where name = 'b'`);
    const { source } = await aChain(world, 'c');
    expect(Object.keys(await world.ports(source))).toEqual(['c']);
    expect(await holes(world)).toEqual([]);
  });

  it('sends the chain that stands on it on to the next one, whatever its CI says', async () => {
    await using world = await aPortWorld();
    const { source, ports } = await aChain(world, 'b');
    await world.ci(ports['b']!, 'failure');
    await world.db.query(`update branch set active = false where name = 'b'`);
    await world.settle();
    expect(await world.ports(source)).toMatchObject({ c: { parentId: ports['b']!.id } });
  });

  it('owes nothing beyond a limit that was set on it', async () => {
    await using world = await aPortWorld();
    const pull = await world.opens(door);
    await world.db.query(
      `update pull_request set limit_id = (select id from branch where name = 'b')`,
    );
    await world.db.query(`update branch set active = false where name = 'b'`);
    const [source] = await world.lands({ ...door, name: 'door' });
    await world.settle();
    expect(await world.ports(pull)).toEqual({});
    expect(source!.batchId).toBe(pull.batchId);
  });
});

describe('a chain closed by somebody', () => {
  it('is not continued, and every branch behind says why, also one that comes later', async () => {
    await using world = await aPortWorld();
    const { source, ports } = await aChain(world, 'b');
    await world.hears(ports['b']!, { closed: true });
    await world.settle();
    expect(await portRows(world)).toEqual([
      expect.any(String),
      'skipped a port of the chain was closed',
    ]);
    expect(await holes(world)).toEqual([]);
    await world.addBranch('d', 3, 'c');
    await world.settle();
    expect(Object.keys(await world.ports(source))).toEqual(['b']);
    expect(await holes(world)).toEqual([]);
  });

  it('goes on when the port is opened again and lands', async () => {
    await using world = await aPortWorld();
    const { source, ports } = await aChain(world, 'b');
    await world.hears(ports['b']!, { closed: true });
    await world.settle();
    await world.hears(ports['b']!, { closed: false });
    const [landed] = await world.lands(await world.reread(ports['b']!));
    expect(landed).toMatchObject({ parentId: null, detachReason: 'it was closed' });
    await world.settle();
    expect(await world.ports(source)).toMatchObject({ c: { parentId: landed!.id } });
  });
});

describe('an attached port that landed without green CI', () => {
  it('is continued all the same', async () => {
    await using world = await aPortWorld();
    const { source, ports } = await aChain(world, 'b');
    await world.landsPort(ports['b']!);
    await world.settle();
    expect(await world.ports(source)).toMatchObject({ c: { parentId: ports['b']!.id } });
    expect(await holes(world)).toEqual([]);
  });
});
