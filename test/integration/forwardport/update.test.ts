import { describe, expect, it } from '@jest/globals';
import { ForwardportUpdate } from '../../../src/models/queues.ts';
import type { PortWorld } from './port-types.ts';
import { aPortWorld } from './port-world.ts';

async function aChain(world: PortWorld) {
  const [source] = await world.lands({
    onto: 'a',
    name: 'door',
    commits: [{ files: { door: 'oak\n' } }],
  });
  await world.settle();
  const { b } = await world.ports(source!);
  await world.ci(b!, 'success');
  await world.settle();
  const { c } = await world.ports(source!);
  return { source: source!, b: b!, c: c! };
}

describe('a changed port', () => {
  it('is detached, and its change travels to the ports behind it', async () => {
    await using world = await aPortWorld();
    const { b, c } = await aChain(world);
    const branch = c.headLabel.split(':')[1]!;
    const head = world.scratch().commit({ on: b.head as never, files: { door: 'steel\n' } });
    world.scratch().branch(b.headLabel.split(':')[1]!, head);
    await world.hears(b, { head });
    await world.settle();
    expect(await world.reread(b)).toMatchObject({
      parentId: null,
      detachReason: expect.stringContaining(head),
    });
    expect(await world.reread(c)).toMatchObject({
      parentId: b.id,
      head: world.head(branch),
      commitCount: 2,
    });
    expect(world.files(branch)['door']).toBe('steel');
    expect(await world.db.manager.count(ForwardportUpdate)).toBe(0);
  });

  it('does not take old news of a head it replaced for a push, though reads lag (I-38)', async () => {
    await using world = await aPortWorld();
    const { b, c } = await aChain(world);
    const head = world.scratch().commit({ on: b.head as never, files: { door: 'steel\n' } });
    world.scratch().branch('keep', head);
    await world.hears(b, { head });
    await world.settle();
    const moved = await world.reread(c);
    await world.hears(c, { head: c.head as never });
    expect(await world.reread(c)).toMatchObject({ parentId: b.id, head: moved.head });
    // who pushes it back later on does it himself
    world.advance(120_000);
    await world.hears(c, { head: c.head as never });
    expect(await world.reread(c)).toMatchObject({ parentId: null, head: c.head });
  });

  it('does not overwrite what a person pushed behind it meanwhile', async () => {
    await using world = await aPortWorld();
    const { b, c } = await aChain(world);
    const branch = c.headLabel.split(':')[1]!;
    const head = world.scratch().commit({ on: b.head as never, files: { door: 'steel\n' } });
    await world.hears(b, { head });
    world.scratch().branch('keep', head);
    const theirs = world.scratch().commit({ on: c.head as never, files: { own: '1' } });
    world.scratch().branch(branch, theirs);
    await world.settle();
    expect(world.head(branch)).toBe(theirs);
    await world.hears(c, { head: theirs });
    expect(await world.reread(c)).toMatchObject({ parentId: null });
    world.advance(11 * 60_000);
    await world.settle();
    expect(world.head(branch)).toBe(theirs);
    expect(await world.db.manager.count(ForwardportUpdate)).toBe(0);
  });

  it('puts a conflict on the port behind it, tells both, and leaves it attached', async () => {
    await using world = await aPortWorld();
    const { b, c } = await aChain(world);
    const branch = c.headLabel.split(':')[1]!;
    world
      .scratch()
      .branch('c', world.scratch().commit({ on: world.head('c'), files: { knob: 'theirs\n' } }));
    const head = world.scratch().commit({ on: b.head as never, files: { knob: 'mine\n' } });
    world.scratch().branch('keep', head);
    await world.hears(b, { head });
    await world.settle();
    expect(await world.reread(c)).toMatchObject({ parentId: b.id, conflict: true });
    expect(world.files(branch)['knob']).toContain('<<<<<<<');
    expect(await world.labels(c)).toEqual(['conflict', 'forwardport']);
    expect((await world.said(c)).at(-1)).toContain('conflicts');
    expect((await world.said(b)).at(-1)).toContain('acme/app#101');
  });

  it('tells of a port behind it that is merged and cannot follow', async () => {
    await using world = await aPortWorld();
    const { b, c } = await aChain(world);
    await world.db.query(
      `update pull_request set merged_sha = head, state = 'merged' where id = $1`,
      [c.id],
    );
    const head = world.scratch().commit({ on: b.head as never, files: { door: 'steel\n' } });
    world.scratch().branch('keep', head);
    await world.hears(b, { head });
    await world.settle();
    expect((await world.said(c)).at(-1)).toContain('is merged and does not follow');
    expect((await world.reread(c)).head).toBe(c.head);
  });
});

describe('a port in conflict', () => {
  it('loses its label when somebody pushed a head without markers', async () => {
    await using world = await aPortWorld();
    world
      .scratch()
      .branch('b', world.scratch().commit({ on: world.head('b'), files: { f: 'other\n' } }));
    const [source] = await world.lands({
      onto: 'a',
      name: 'f',
      commits: [{ files: { f: 'mine\n' } }],
    });
    await world.settle();
    const { b: port } = await world.ports(source!);
    const half = world.scratch().commit({ on: port!.head as never, files: { g: '1' } });
    world.scratch().branch('half', half);
    await world.hears(port!, { head: half });
    await world.settle();
    expect(await world.labels(port!)).toEqual(['conflict', 'forwardport']);
    const solved = world.scratch().commit({ on: half, files: { f: 'both\n' } });
    world.scratch().branch('solved', solved);
    await world.hears(port!, { head: solved });
    await world.settle();
    expect(await world.labels(port!)).toEqual(['forwardport']);
    expect(await world.reread(port!)).toMatchObject({ conflict: false });
  });
});
