import { describe, expect, it } from '@jest/globals';
import { setLimit } from '../../../src/forwardport/limit.ts';
import { setPolicy } from '../../../src/forwardport/policy.ts';
import type { ForwardportPolicy } from '../../../src/models/batch.ts';
import type { PullRequest } from '../../../src/models/pull-request.ts';
import { ForwardportJob } from '../../../src/models/queues.ts';
import { holes } from './port-checks.ts';
import type { PortWorld } from './port-types.ts';
import { aPortWorld } from './port-world.ts';

const door = { onto: 'a', name: 'door', commits: [{ files: { door: 'oak\n' } }] };

function limit(world: PortWorld, pull: PullRequest, branch: string) {
  return world.db.transaction((tx) =>
    setLimit(tx, { pull, branch, key: 'comment/1', now: world.now() }),
  );
}

function policy(world: PortWorld, pull: PullRequest, wanted: ForwardportPolicy) {
  return world.db.transaction((tx) => setPolicy(tx, { pull, policy: wanted, now: world.now() }));
}

describe('a limit', () => {
  it('keeps a chain from going further', async () => {
    await using world = await aPortWorld();
    const pull = await world.opens(door);
    expect((await limit(world, pull, 'b')).outcome).toMatchObject({
      kind: 'set',
      limit: 'b',
      stops: false,
    });
    const [source] = await world.lands(pull);
    await world.settle();
    const { b } = await world.ports(source!);
    expect(await world.said(b!)).toEqual([expect.stringContaining('the last branch')]);
    await world.ci(b!, 'success');
    await world.settle();
    expect(Object.keys(await world.ports(source!))).toEqual(['b']);
    expect(await holes(world)).toEqual([]);
  });

  it('holds for whoever joins its batch later (spec 15)', async () => {
    await using world = await aPortWorld({ repos: ['acme/app', 'acme/web'] });
    const pull = await world.opens(door);
    await limit(world, pull, 'b');
    const { limitId } = await world.reread(pull);
    const joined = await world.opens({ ...door, repo: 'acme/web' });
    expect([joined.batchId, joined.limitId]).toEqual([pull.batchId, limitId]);
    await limit(world, pull, 'c'); // for both: whoever comes now finds them of one mind
    expect((await world.reread(joined)).limitId).not.toBe(limitId);
  });

  it('that is raised takes the chain up again where it stands', async () => {
    await using world = await aPortWorld();
    const pull = await world.opens(door);
    await limit(world, pull, 'b');
    const [source] = await world.lands(pull);
    await world.settle();
    const { b } = await world.ports(source!);
    await world.ci(b!, 'success');
    await world.settle();
    const answer = await limit(world, await world.reread(b!), 'c');
    expect(answer).toMatchObject({
      outcome: { kind: 'changed', limit: 'c', resume: 'follow-up' },
      root: 'acme/app#1',
    });
    await world.settle();
    expect(Object.keys(await world.ports(source!))).toEqual(['b', 'c']);
    expect(await world.saidByAll(source!)).toContainEqual(
      expect.stringContaining('changed on acme/app#100'),
    );
  });

  it('that is raised after everything landed starts the next port', async () => {
    await using world = await aPortWorld();
    const pull = await world.opens(door);
    await limit(world, pull, 'b');
    const [source] = await world.lands(pull);
    await world.settle();
    const { b } = await world.ports(source!);
    await world.ci(b!, 'success');
    await world.landsPort(b!);
    await world.settle();
    expect((await limit(world, source!, 'c')).outcome).toMatchObject({ resume: 'port' });
    await world.settle();
    expect(Object.keys(await world.ports(source!))).toEqual(['b', 'c']);
  });

  it('cannot go below what exists, and cancels what is only queued', async () => {
    await using world = await aPortWorld();
    const [source] = await world.lands(door);
    await world.settle();
    const { b } = await world.ports(source!);
    await world.switch('forwardport', false);
    await world.ci(b!, 'success');
    expect(await world.db.manager.count(ForwardportJob)).toBe(1);
    const { outcome } = await limit(world, b!, 'a');
    expect(outcome).toMatchObject({
      kind: 'changed',
      limit: 'b',
      insteadOf: 'a',
      cancelsTask: true,
    });
    expect(await world.db.manager.count(ForwardportJob)).toBe(0);
  });

  it('is refused on a chain that somebody closed, and on branches nobody knows', async () => {
    await using world = await aPortWorld();
    const [source] = await world.lands(door);
    await world.settle();
    expect((await limit(world, source!, 'z')).outcome).toMatchObject({ reason: 'unknown-branch' });
    const { b } = await world.ports(source!);
    await world.hears(b!, { closed: true });
    expect((await limit(world, source!, 'c')).outcome).toMatchObject({ reason: 'tip-closed' });
  });
});

describe('a port policy', () => {
  it('of no keeps a landed change where it is, until it is default again', async () => {
    await using world = await aPortWorld();
    const pull = await world.opens(door);
    await policy(world, pull, 'no');
    const [source] = await world.lands(pull);
    await world.settle();
    expect(await world.ports(source!)).toEqual({});
    expect(await policy(world, source!, 'default')).toMatchObject({ starts: 'port' });
    await world.settle();
    expect(Object.keys(await world.ports(source!))).toEqual(['b']);
  });

  it('of no, said on a port, stops the chain there', async () => {
    await using world = await aPortWorld();
    const [source] = await world.lands(door);
    await world.settle();
    const { b } = await world.ports(source!);
    await policy(world, b!, 'no');
    await world.ci(b!, 'success');
    await world.settle();
    expect(Object.keys(await world.ports(source!))).toEqual(['b']);
  });

  it('of skipci takes a waiting chain to its end at once', async () => {
    await using world = await aPortWorld({ branches: ['a', 'b', 'c', 'd'] });
    const [source] = await world.lands(door);
    await world.settle();
    const { b } = await world.ports(source!);
    expect(await policy(world, b!, 'skipci')).toMatchObject({ starts: 'follow-up' });
    await world.settle();
    expect(Object.keys(await world.ports(source!))).toEqual(['b', 'c', 'd']);
  });

  it('of skipmerge ports to all branches before the merge, through conflicts, without a ping', async () => {
    await using world = await aPortWorld();
    world
      .scratch()
      .branch('b', world.scratch().commit({ on: world.head('b'), files: { door: 'glass\n' } }));
    const pull = await world.opens(door);
    expect(await policy(world, pull, 'skipmerge')).toMatchObject({ starts: 'port' });
    await world.settle();
    const { b, c } = await world.ports(pull);
    expect(b).toMatchObject({ parentId: pull.id, conflict: true });
    expect(c).toMatchObject({ parentId: b!.id, conflict: false });
    expect((await world.said(b!))[0]).toMatch(
      /^acme\/app#1 conflicts .* go on to the later branches/,
    );
    expect(world.log(c!.headLabel.split(':')[1]!, 'c')[0]).toContain(
      `X-original-commit: ${pull.head}`,
    );
    expect(await policy(world, pull, 'default')).toMatchObject({ kind: 'refused' });
    // not merged, but past `b` all the same
    expect((await limit(world, pull, 'b')).outcome).toMatchObject({ limit: 'c', insteadOf: 'b' });
  });

  it('of skipmerge lets the ports follow when the unmerged source changes', async () => {
    await using world = await aPortWorld();
    const pull = await world.opens(door);
    await policy(world, pull, 'skipmerge');
    await world.settle();
    const { b, c } = await world.ports(pull);
    const head = world.scratch().commit({ on: pull.head as never, files: { door: 'steel\n' } });
    world.scratch().branch('keep', head);
    await world.hears(pull, { head });
    await world.settle();
    for (const port of [b!, c!]) {
      const branch = port.headLabel.split(':')[1]!;
      expect(world.files(branch)['door']).toBe('steel');
      expect(await world.reread(port)).toMatchObject({
        head: world.head(branch),
        parentId: port.parentId,
      });
    }
  });
});
