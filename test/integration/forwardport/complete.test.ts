import { describe, expect, it } from '@jest/globals';
import { ForwardportJob } from '../../../src/models/queues.ts';
import type { PortWorld } from './port-types.ts';
import { aPortWorld } from './port-world.ts';

const repos = ['acme/app', 'acme/web'];

/** A chain in `acme/app` to its end, and a pull request in `acme/web` that joins its batch on `b`. */
async function aLateJoiner(world: PortWorld, html: string) {
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
  await world.ci(c!, 'success');
  await world.settle();
  const newcomer = await world.opens({
    repo: 'acme/web',
    onto: 'b',
    name: b!.headLabel.split(':')[1]!,
    owner: 'acme',
    commits: [{ files: { html } }],
  });
  return { b: b!, c: c!, newcomer };
}

describe('a pull request that joins a ported batch late', () => {
  it('is ported into every batch made of it since', async () => {
    await using world = await aPortWorld({ repos, branches: ['a', 'b', 'c', 'd'] });
    const { b, c, newcomer } = await aLateJoiner(world, '<door>');
    expect(newcomer.batchId).toBe(b.batchId);
    await world.settle();
    const ports = await world.ports(newcomer);
    expect(ports['c']).toMatchObject({
      parentId: newcomer.id,
      batchId: c.batchId,
      headLabel: c.headLabel,
    });
    expect(ports['d']).toMatchObject({ parentId: ports['c']!.id });
    expect(await world.db.manager.count(ForwardportJob)).toBe(0);
  });

  it('goes on behind a conflict, each time from itself', async () => {
    await using world = await aPortWorld({ repos, branches: ['a', 'b', 'c', 'd'] });
    const { newcomer } = await aLateJoiner(world, '<door>');
    const web = world.scratch('acme/web');
    web.branch('c', web.commit({ on: world.head('c', 'acme/web'), files: { html: '<window>' } }));
    await world.settle();
    const ports = await world.ports(newcomer);
    expect(ports['c']).toMatchObject({ parentId: null, conflict: true });
    expect(ports['d']).toMatchObject({ conflict: false, parentId: ports['c']!.id });
    expect(world.files(ports['d']!.headLabel.split(':')[1]!, 'acme/web')['html']).toBe('<door>');
  });

  it('takes over a pull request somebody made there by hand', async () => {
    await using world = await aPortWorld({ repos });
    const { c, newcomer } = await aLateJoiner(world, '<door>');
    const byHand = await world.opens({
      repo: 'acme/web',
      onto: 'c',
      name: c.headLabel.split(':')[1]!,
      owner: 'acme',
      commits: [{ files: { html: '<gate>' } }],
    });
    await world.settle();
    expect(await world.reread(byHand)).toMatchObject({
      sourceId: newcomer.id,
      parentId: null,
      detachReason: expect.stringContaining('adopted'),
    });
    expect(world.github.of('acme/web')).toEqual([]);
  });

  it('is left where it is when its own next branch is another one', async () => {
    await using world = await aPortWorld({ repos });
    const { newcomer } = await aLateJoiner(world, '<door>');
    await world.db.query(`update repository set branch_filter = 'a|b' where name = 'acme/web'`);
    await world.settle();
    expect(await world.ports(newcomer)).toEqual({});
    expect(await world.said(newcomer)).toEqual([expect.stringContaining('I did not port it')]);
  });
});
