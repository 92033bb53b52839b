import { describe, expect, it } from '@jest/globals';
import { holes } from './port-checks.ts';
import { aPortWorld } from './port-world.ts';

describe('a merged pull request', () => {
  it('seed 19: is ported to the next branch, commit by commit, with its origin named', async () => {
    await using world = await aPortWorld();
    const [source] = await world.lands({
      onto: 'a',
      name: 'door',
      commits: [
        { files: { door: 'oak' }, message: 'Add a door\n\nSigned-off-by: Ada <ada@acme.test>\n' },
        { files: { knob: 'brass' }, message: 'Add a knob\n' },
      ],
    });
    await world.settle();
    const { b: port } = await world.ports(source!);
    expect(port).toMatchObject({
      title: 'Change door',
      parentId: source!.id,
      commitCount: 2,
      conflict: false,
    });
    expect(port!.headLabel).toBe(`acme:b-door-${source!.batchId}-fw`);
    expect(port!.body).toContain('Forward-Port-Of: acme/app#1');
    expect(world.files(`b-door-${source!.batchId}-fw`)).toMatchObject({
      door: 'oak',
      knob: 'brass',
      'b.txt': 'b',
    });
    const landed = Object.values(source!.commitsMap!);
    const [first, second] = world.log(`b-door-${source!.batchId}-fw`, 'b');
    expect(first).toContain('Original-signed-off-by: Ada');
    expect(
      landed.filter((sha) => `${first} ${second}`.includes(`X-original-commit: ${sha}`)),
    ).toHaveLength(2);
    expect(await world.labels(port!)).toEqual(['forwardport']);
    expect(await world.said(port!)).toEqual([
      expect.stringContaining('Once it is green I go on, up to `c`'),
    ]);
  });

  it('goes on when the port is green, and asks for approval on the last one', async () => {
    await using world = await aPortWorld();
    const [source] = await world.lands({
      onto: 'a',
      name: 'door',
      commits: [{ files: { door: 'oak' } }],
    });
    await world.settle();
    const { b } = await world.ports(source!);
    expect(Object.keys(await world.ports(source!))).toEqual(['b']);
    await world.ci(b!, 'success');
    await world.settle();
    const { c } = await world.ports(source!);
    expect(c).toMatchObject({ parentId: b!.id, sourceId: source!.id });
    expect(await world.said(c!)).toEqual([
      expect.stringMatching(/^@ada @rita .*\n\n- acme\/app#100$/s),
    ]);
    expect(await holes(world)).toEqual([]);
  });

  it('stops in a conflict that everybody can see, on its own, and resumes when that is merged', async () => {
    await using world = await aPortWorld();
    const own = world.scratch().commit({ on: world.head('b'), files: { f: 'other\n' } });
    world.scratch().branch('b', own);
    const [source] = await world.lands({
      onto: 'a',
      name: 'f',
      commits: [{ files: { f: 'mine\n' } }],
    });
    await world.settle();
    const { b: port } = await world.ports(source!);
    expect(port).toMatchObject({
      parentId: null,
      conflict: true,
      detachReason: expect.stringContaining('CONFLICT'),
    });
    expect(world.files(port!.headLabel.split(':')[1]!)['f']).toContain('<<<<<<<');
    expect(await world.labels(port!)).toEqual(['conflict', 'forwardport']);
    expect(await world.said(port!)).toEqual([
      expect.stringContaining('Either solve it and push here'),
    ]);
    await world.ci(port!, 'success');
    await world.settle();
    expect(Object.keys(await world.ports(source!))).toEqual(['b']);
  });

  it('is not ported beyond its limit, nor anywhere under fw=no', async () => {
    await using world = await aPortWorld();
    const limited = await world.opens({ onto: 'a', name: 'x', commits: [{ files: { x: '1' } }] });
    expect(limited.limitId).toBeNull();
    await world.settle();
    expect(await world.ports(limited)).toEqual({});
  });
});
