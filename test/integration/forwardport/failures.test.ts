import { describe, expect, it } from '@jest/globals';
import { GitHubError } from '../../../src/github/errors.ts';
import { ForwardportJob } from '../../../src/models/queues.ts';
import { holes } from './port-checks.ts';
import { HOUR_MS } from './port-seed.ts';
import type { PortWorld } from './port-types.ts';
import { aPortWorld } from './port-world.ts';

const door = { onto: 'a', name: 'door', commits: [{ files: { door: 'oak' } }] };

function lostAnswer(operation: string): GitHubError {
  return new GitHubError({
    operation,
    status: null,
    requestId: null,
    retryAfterMs: null,
    retryable: true,
    effect: 'unknown',
    detail: 'cut off',
  });
}

/** Fails the first call of an operation. */
function failOnce(world: PortWorld, wanted: string, wantedWhen: 'before' | 'after'): void {
  let done = false;
  world.onCall((operation, when) => {
    if (done || operation !== wanted || when !== wantedWhen) return;
    done = true;
    throw lostAnswer(operation);
  });
}

describe('a port', () => {
  const points = [
    ['push', 'before'],
    ['push', 'after'],
    ['createPullRequest', 'before'],
    ['createPullRequest', 'after'],
  ] as const;
  it.each(points)(
    'seed 10: is made exactly once when %s fails %s it took effect, and not before its hour',
    async (operation, when) => {
      await using world = await aPortWorld();
      const [source] = await world.lands(door);
      failOnce(world, operation, when);
      await world.settle();
      const [waiting] = await world.db.manager.find(ForwardportJob);
      expect(waiting).toMatchObject({
        attempts: 1,
        retryAt: new Date(world.now().getTime() + HOUR_MS),
      });
      world.advance(HOUR_MS - 1000);
      await world.settle();
      expect(await world.ports(source!)).toEqual({});
      const moved = world.scratch().commit({ on: world.head('b'), files: { later: '1' } });
      world.scratch().branch('b', moved);
      world.advance(1000);
      await world.settle();
      expect(world.github.of('acme/app')).toHaveLength(1);
      expect(await world.ports(source!)).toMatchObject({ b: { parentId: source!.id } });
      expect(await world.db.manager.count(ForwardportJob)).toBe(0);
      expect(await holes(world)).toEqual([]);
    },
  );

  it('leaves a branch of its name alone that holds something else, and waits', async () => {
    await using world = await aPortWorld();
    const [source] = await world.lands(door);
    const theirs = world.head('c');
    world.scratch().branch(`b-door-${source!.batchId}-fw`, theirs);
    await world.settle();
    expect(world.head(`b-door-${source!.batchId}-fw`)).toBe(theirs);
    const [job] = await world.db.manager.find(ForwardportJob);
    expect(job?.lastError).toContain('holds something else');
    world.scratch().git('update-ref', '-d', `refs/heads/b-door-${source!.batchId}-fw`);
    world.advance(HOUR_MS);
    await world.settle();
    expect(Object.keys(await world.ports(source!))).toEqual(['b']);
  });

  it('is given up after 24 tries and kept for a person to look at', async () => {
    await using world = await aPortWorld();
    await world.lands(door);
    world.onCall((operation) => {
      if (operation === 'createPullRequest') throw lostAnswer(operation);
    });
    for (let hour = 0; hour < 24; hour += 1) {
      await world.settle();
      world.advance(HOUR_MS);
    }
    await world.settle();
    const [job] = await world.db.manager.find(ForwardportJob);
    expect(job).toMatchObject({ attempts: 24, deadAt: expect.any(Date) });
  });

  it('adopts the record that the webhook made first', async () => {
    await using world = await aPortWorld();
    const [source] = await world.lands(door);
    world.onCall((operation, when) => {
      if (operation !== 'createPullRequest' || when !== 'after') return;
      world.onCall(() => undefined);
      throw lostAnswer(operation);
    });
    await world.settle();
    const [made] = world.github.of('acme/app');
    await world.hearsOf(made!);
    world.advance(HOUR_MS);
    await world.settle();
    expect(await world.ports(source!)).toMatchObject({
      b: { number: made!.number, parentId: source!.id },
    });
  });

  it('seed 11: waits while its cron is off, as during a freeze, and is made at once when it is on again', async () => {
    await using world = await aPortWorld();
    await world.switch('forwardport', false);
    const [source] = await world.lands(door);
    await world.settle();
    expect(await world.ports(source!)).toEqual({});
    await world.switch('forwardport', true);
    await world.settle();
    expect(Object.keys(await world.ports(source!))).toEqual(['b']);
  });

  it('waits while its project has porting off, and is made at once when it is on again', async () => {
    await using world = await aPortWorld();
    const set = (on: boolean) =>
      world.db.query(
        `update project set settings = jsonb_set(settings, '{forwardport,enabled}', to_jsonb($1::boolean))`,
        [on],
      );
    await set(false);
    const [source] = await world.lands(door);
    await world.settle();
    expect(await world.ports(source!)).toEqual({});
    await set(true);
    await world.settle();
    expect(Object.keys(await world.ports(source!))).toEqual(['b']);
  });
});

describe('a port that was begun and then stopped by somebody', () => {
  it('is finished under its name when the chain goes on, with the commits that are there', async () => {
    await using world = await aPortWorld();
    const [source] = await world.lands(door);
    await world.settle();
    const { b } = await world.ports(source!);
    await world.ci(b!, 'success');
    failOnce(world, 'createPullRequest', 'before');
    await world.settle();
    const branch = `c-door-${b!.batchId}-fw`;
    const pushed = world.head(branch);
    await world.hears(b!, { closed: true });
    world.advance(HOUR_MS);
    await world.settle();
    expect(await holes(world)).toEqual([]);
    await world.hears(b!, { closed: false });
    await world.lands(await world.reread(b!));
    await world.settle();
    expect(await world.ports(source!)).toMatchObject({ c: { head: pushed, parentId: b!.id } });
  });
});
