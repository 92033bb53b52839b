import { rename } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { Batch } from '../../../src/models/batch.ts';
import { ForwardportJob } from '../../../src/models/queues.ts';
import { HOUR_MS } from './port-seed.ts';
import type { PortWorld } from './port-types.ts';
import { aPortWorld } from './port-world.ts';

const branches = ['a', 'b', 'c', 'd'];
const door = { onto: 'a', name: 'door', commits: [{ files: { door: 'oak\n' } }] };

/** The ports of a change on `b` and `c`, with `d` still to come. */
async function aChain(world: PortWorld) {
  const [source] = await world.lands(door);
  await world.settle();
  const { b } = await world.ports(source!);
  await world.ci(b!, 'success');
  await world.settle();
  return { source: source!, b: b!, c: (await world.ports(source!))['c']! };
}

const change = (world: PortWorld, branch: string, file: string) =>
  world
    .scratch()
    .branch(branch, world.scratch().commit({ on: world.head(branch), files: { [file]: 'own\n' } }));

describe('the people of a chain', () => {
  it('are told where it stops and what an approval still reaches when its tip is changed (spec 12)', async () => {
    await using world = await aPortWorld({ branches });
    const { b, c } = await aChain(world);
    await world.said(b);
    const head = world.scratch().commit({ on: c.head as never, files: { door: 'steel\n' } });
    world.scratch().branch('keep', head);
    await world.hears(c, { head });
    await world.settle();
    expect((await world.said(c)).at(-1)).toMatch(
      /is an ordinary pull request now.*@stagecoach r\+/,
    );
    expect((await world.said(b)).at(-1)).toMatch(/acme\/app#101.*no longer approves this one/);
    await world.ci(c, 'success');
    await world.settle();
    expect((await world.reread(c)).parentId).toBeNull();
  });

  it('may approve it up to the port before a conflict, and are told so there (spec 8.2)', async () => {
    await using world = await aPortWorld({ branches });
    change(world, 'c', 'door');
    const { b, c } = await aChain(world);
    expect(c).toMatchObject({ conflict: true, parentId: null });
    expect((await world.said(b)).at(-1)).toMatch(
      /acme\/app#101, is in conflict .*`@stagecoach r\+` here approves the chain up to this one/,
    );
  });

  it('hear of a failing port once, however often CI says it (spec 10)', async () => {
    await using world = await aPortWorld({ branches });
    const { c } = await aChain(world);
    for (let times = 0; times < 3; times += 1) await world.ci(c, 'failure');
    await world.settle();
    const failed = (await world.saidByAll(c)).filter((text) =>
      text.includes('failed on this port'),
    );
    expect(failed).toEqual([expect.stringMatching(/^@ada @rita .*`?ci\/test`?/)]);
  });
});

describe('a batch of ports', () => {
  const repos = ['acme/app', 'acme/web'];

  it('goes on without the one whose port was closed, which alone was red (spec 11, 15)', async () => {
    await using world = await aPortWorld({ repos });
    const both = { onto: 'a', name: 'door' };
    const [app, web] = await world.lands(
      { ...both, repo: 'acme/app', commits: [{ files: { door: 'oak' } }] },
      { ...both, repo: 'acme/web', commits: [{ files: { html: '<door>' } }] },
    );
    await world.db.manager.update(Batch, app!.batchId, { priority: 'priority' });
    await world.settle();
    const [one, other] = [(await world.ports(app!))['b']!, (await world.ports(web!))['b']!];
    expect(await world.db.manager.findOneBy(Batch, { id: one.batchId })).toMatchObject({
      priority: 'priority', // as the batch it was made from (spec 6)
    });
    await world.ci(one, 'success');
    await world.ci(other, 'failure');
    await world.settle();
    expect(Object.keys(await world.ports(app!))).toEqual(['b']);
    await world.hears(other, { closed: true });
    await world.settle();
    expect(Object.keys(await world.ports(app!))).toEqual(['b', 'c']);
    expect(Object.keys(await world.ports(web!))).toEqual(['b']);
  });

  it('is made an hour later when the commits could not be fetched (spec 24)', async () => {
    await using world = await aPortWorld();
    const { origin } = world.scratch();
    const [source] = await world.lands(door);
    await rename(origin, `${origin}.gone`);
    await world.settle();
    expect(await world.db.manager.find(ForwardportJob)).toMatchObject([{ attempts: 1 }]);
    await rename(`${origin}.gone`, origin);
    world.advance(HOUR_MS);
    await world.settle();
    expect(Object.keys(await world.ports(source!))).toEqual(['b']);
    expect(await world.db.manager.count(ForwardportJob)).toBe(0);
  });
});
