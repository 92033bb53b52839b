import { describe, expect, it } from '@jest/globals';
import { PortReminder } from '../../../src/models/port-reminder.ts';
import { DAY_MS } from './port-seed.ts';
import type { PortWorld } from './port-types.ts';
import { aPortWorld } from './port-world.ts';

async function branchOfPort(world: PortWorld, source: Parameters<PortWorld['ports']>[0]) {
  const { b } = await world.ports(source);
  return b!.headLabel.split(':')[1]!;
}

describe('the commits of a port', () => {
  it('keep their authors, and get a new date of commit', async () => {
    await using world = await aPortWorld();
    const author = 'Eve <eve@acme.test> 1600000000 +0200';
    const [source] = await world.lands({
      onto: 'a',
      name: 'x',
      commits: [{ files: { x: '1' }, author }],
    });
    await world.settle();
    const branch = await branchOfPort(world, source!);
    const line = world.scratch().git('log', '-1', '--format=%an %ae %at %cn %ct', branch);
    expect(line).toBe(`Eve eve@acme.test 1600000000 Ada ${world.now().getTime() / 1000}`);
  });

  it('come in the order of history, and what was merged in between comes with its merge (R30)', async () => {
    await using world = await aPortWorld();
    const repository = world.scratch();
    const start = world.head('a');
    const one = repository.commit({ on: start, files: { one: '1' }, message: 'one\n' });
    const side = repository.commit({ on: start, files: { side: '1' }, message: 'side\n' });
    const merge = repository.commit({ on: [one, side], files: { side: '1' }, message: 'merge\n' });
    const last = repository.commit({ on: merge, files: { last: '1' }, message: 'last\n' });
    const pull = await world.opensAt({ onto: 'a', name: 'story', head: last });
    const [source] = await world.lands(pull);
    await world.settle();
    const branch = await branchOfPort(world, source!);
    expect(world.files(branch)).toMatchObject({ one: '1', side: '1', last: '1' });
    const titles = world.log(branch, 'b').map((message) => message.split('\n')[0]);
    expect(titles).toEqual(['one', 'merge', 'last']);
    expect((await world.ports(source!))['b']).toMatchObject({ conflict: false, commitCount: 3 });
  });

  it('bring along what was merged from upstream in between, relative to the first parent (R30)', async () => {
    await using world = await aPortWorld();
    const repository = world.scratch();
    const one = repository.commit({ on: world.head('a'), files: { one: '1' }, message: 'one\n' });
    const upstream = repository.commit({ on: world.head('a'), files: { up: '1' } });
    repository.branch('a', upstream);
    const merge = repository.commit({
      on: [one, upstream],
      files: { up: '1' },
      message: 'merge\n',
    });
    const last = repository.commit({ on: merge, files: { last: '1' }, message: 'last\n' });
    const pull = await world.opensAt({ onto: 'a', name: 'story', head: last });
    const [source] = await world.lands(pull);
    await world.settle();
    const branch = await branchOfPort(world, source!);
    expect(world.files(branch)).toMatchObject({ one: '1', up: '1', last: '1' });
    expect(world.log(branch, 'b').map((text) => text.split('\n')[0])).toEqual([
      'one',
      'merge',
      'last',
    ]);
  });

  it('are one, by nobody with an address, when several authors conflict', async () => {
    await using world = await aPortWorld();
    world
      .scratch()
      .branch('b', world.scratch().commit({ on: world.head('b'), files: { f: 'other\n' } }));
    const eve = 'Eve <eve@acme.test> 1600000000 +0200';
    const [source] = await world.lands({
      onto: 'a',
      name: 'x',
      commits: [
        { files: { x: '1' }, message: 'Add x\n' },
        { files: { f: 'mine\n' }, message: 'Change f\n', author: eve },
      ],
    });
    await world.settle();
    const branch = await branchOfPort(world, source!);
    expect(world.scratch().git('log', '-1', '--format=%an <%ae>', branch)).toBe('stagecoach <>');
    const [message] = world.log(branch, 'b');
    expect(message).toMatch(/^Conflict: Change x\n/);
    expect(message).toContain('Change f');
    const [said] = await world.said((await world.ports(source!))['b']!);
    expect(said).toMatch(/- · [0-9a-f]{12} Add x\n- ✗ [0-9a-f]{12} Change f/);
  });

  it('that change nothing there make the port a conflict that says so', async () => {
    await using world = await aPortWorld();
    world.scratch().branch('b', world.scratch().commit({ on: world.head('b'), files: { x: '1' } }));
    const [source] = await world.lands({ onto: 'a', name: 'x', commits: [{ files: { x: '1' } }] });
    await world.settle();
    const { b } = await world.ports(source!);
    expect(b).toMatchObject({ conflict: true, parentId: null });
    expect(await world.said(b!)).toEqual([expect.stringContaining('changes nothing when ported')]);
    expect(world.scratch().git('diff', '--name-only', 'b', b!.headLabel.split(':')[1]!)).not.toBe(
      '',
    );
  });

  it('seed 18: show what the target deleted, with markers', async () => {
    await using world = await aPortWorld();
    world
      .scratch()
      .branch('b', world.scratch().commit({ on: world.head('b'), files: { f: null } }));
    const [source] = await world.lands({
      onto: 'a',
      name: 'x',
      commits: [{ files: { f: 'new\n' } }],
    });
    await world.settle();
    const branch = await branchOfPort(world, source!);
    expect(world.files(branch)['f']).toMatch(
      /^<<<<<<< b\n\|\|\|\|\|\|\|[^]*=======\nnew\n>>>>>>> acme\/app#1$/,
    );
  });
});

describe('a port', () => {
  it('goes to the fork that is set for ports, and its branch is removed there', async () => {
    await using world = await aPortWorld({ repos: ['acme/app', 'bots/app'] });
    await world.db.query(
      `update repository set forwardport_remote = 'bots/app' where name = 'acme/app'`,
    );
    const [source] = await world.lands({ onto: 'a', name: 'x', commits: [{ files: { x: '1' } }] });
    await world.settle();
    const { b } = await world.ports(source!);
    expect(b!.headLabel).toBe(`bots:b-x-${source!.batchId}-fw`);
    expect(world.files(`b-x-${source!.batchId}-fw`, 'bots/app')).toMatchObject({ x: '1' });
    expect(world.scratch('acme/app').git('branch', '--list', '*-fw')).toBe('');
    await world.hears(b!, { closed: true });
    world.advance(7 * DAY_MS);
    await world.settle();
    expect(world.scratch('bots/app').git('branch', '--list', '*-fw')).toBe('');
  });

  it('carries the words somebody wanted to be reminded of there', async () => {
    await using world = await aPortWorld();
    const pull = await world.opens({ onto: 'a', name: 'x', commits: [{ files: { x: '1' } }] });
    await world.db.query(
      `insert into port_reminder (source_id, branch_id, person_id, message)
        select $1, b.id, p.id, 'drop the shim' from branch b, person p where b.name = 'b' and p.login = 'rita'`,
      [pull.id],
    );
    const [source] = await world.lands(pull);
    await world.settle();
    const { b } = await world.ports(source!);
    expect((await world.said(b!)).at(-1)).toMatch(/^@rita .*drop the shim/);
    expect(await world.db.manager.count(PortReminder)).toBe(0);
  });
});
