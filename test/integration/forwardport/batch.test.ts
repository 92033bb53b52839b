import { describe, expect, it } from '@jest/globals';
import { Batch } from '../../../src/models/batch.ts';
import { holes } from './port-checks.ts';
import { aPortWorld } from './port-world.ts';

const repos = ['acme/app', 'acme/web'];
const both = { onto: 'a', name: 'door' };

describe('a batch of two repositories', () => {
  it('is ported as one batch, whose branches have one name', async () => {
    await using world = await aPortWorld({ repos });
    const [app, web] = await world.lands(
      { ...both, repo: 'acme/app', commits: [{ files: { door: 'oak' } }] },
      { ...both, repo: 'acme/web', commits: [{ files: { html: '<door>' } }] },
    );
    await world.settle();
    const [one, other] = [(await world.ports(app!))['b']!, (await world.ports(web!))['b']!];
    expect(one.batchId).toBe(other.batchId);
    expect(one.headLabel).toBe(other.headLabel);
    const batch = await world.db.manager.findOneByOrFail(Batch, { id: one.batchId });
    expect(batch).toMatchObject({ parentId: app!.batchId, priority: 'default' });
    await world.ci(one, 'success');
    await world.settle();
    expect(Object.keys(await world.ports(app!))).toEqual(['b']);
    await world.ci(other, 'success');
    await world.settle();
    expect(Object.keys(await world.ports(web!))).toEqual(['b', 'c']);
    expect(await holes(world)).toEqual([]);
  });

  it('follows a change in one repository there only: the other line keeps what was tested', async () => {
    await using world = await aPortWorld({ repos });
    const [app, web] = await world.lands(
      { ...both, repo: 'acme/app', commits: [{ files: { door: 'oak' } }] },
      { ...both, repo: 'acme/web', commits: [{ files: { html: '<door>' } }] },
    );
    await world.settle();
    const { b } = await world.ports(app!);
    for (const port of [b!, (await world.ports(web!))['b']!]) await world.ci(port, 'success');
    await world.settle();
    const [c, other] = [(await world.ports(app!))['c']!, (await world.ports(web!))['c']!];
    const head = world.scratch().commit({ on: b!.head as never, files: { door: 'steel' } });
    world.scratch().branch('keep', head);
    await world.hears(b!, { head });
    await world.settle();
    expect((await world.reread(c)).head).not.toBe(c.head);
    expect(await world.reread(other)).toMatchObject({ head: other.head, parentId: other.parentId });
    expect(await holes(world)).toEqual([]);
  });

  it('may hear news of all its pull requests at once: nobody waits for anybody for ever', async () => {
    await using world = await aPortWorld({ repos });
    const one = await world.opens({ ...both, repo: 'acme/app', commits: [{ files: { d: '1' } }] });
    const two = await world.opens({ ...both, repo: 'acme/web', commits: [{ files: { h: '1' } }] });
    expect(one.batchId).toBe(two.batchId);
    const held = world.db.createQueryRunner();
    await held.startTransaction();
    await held.query('select from batch where id = $1 for update', [one.batchId]);
    const news = [one, two].map((pull) => world.hears(pull, { closed: true }));
    const waiting = `select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    for (let count = 0; count < 2;)
      [{ count }] = await world.db.query<[{ count: number }]>(waiting);
    await held.commitTransaction();
    await held.release();
    await Promise.all(news); // nothing here does a transaction again that was undone
    expect((await world.reread(two)).state).toBe('closed');
  });

  it('is detached as a whole when one of its ports conflicts', async () => {
    await using world = await aPortWorld({ repos });
    world
      .scratch()
      .branch('b', world.scratch().commit({ on: world.head('b'), files: { f: 'other' } }));
    const [app, web] = await world.lands(
      { ...both, repo: 'acme/app', commits: [{ files: { f: 'mine' } }] },
      { ...both, repo: 'acme/web', commits: [{ files: { html: '<door>' } }] },
    );
    await world.settle();
    const [one, other] = [(await world.ports(app!))['b']!, (await world.ports(web!))['b']!];
    expect(one).toMatchObject({ parentId: null, conflict: true });
    expect(other).toMatchObject({ parentId: null, conflict: false });
    expect(await world.labels(other)).toEqual(['conflict', 'forwardport']);
    expect(await world.said(other)).toEqual([expect.stringContaining('acme/app#100')]);
  });

  it('is not ported when its pull requests disagree on the next branch, and everybody is told', async () => {
    await using world = await aPortWorld({ repos });
    await world.db.query(`update repository set branch_filter = 'a|c' where name = 'acme/web'`);
    const [app, web] = await world.lands(
      { ...both, repo: 'acme/app', commits: [{ files: { door: 'oak' } }] },
      { ...both, repo: 'acme/web', commits: [{ files: { html: '<door>' } }] },
    );
    await world.settle();
    expect(world.github.of('acme/app')).toEqual([]);
    expect(await world.said(app!)).toEqual([
      expect.stringMatching(/^@ada @rita .*`b`.*acme\/web#2.*`c`/),
    ]);
    expect(await world.said(web!)).toEqual([expect.stringMatching(/`c`.*acme\/app#1.*`b`/)]);
  });
});
