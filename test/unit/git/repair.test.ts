import {
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openClones, type Clone, type Clones } from '../../../src/git/index.ts';
import { aScratch, BOT, lines, REPOSITORY_ID, type Scratch } from './scratch.ts';

const restarted: Clones[] = [];

afterEach(async () => {
  for (const clones of restarted.splice(0)) await clones.close();
});

/** A clone with two commits, and another program's turn to open it, as after a restart. */
async function aClone(scratch: Scratch) {
  const base = scratch.commit({ files: { a: lines() } });
  const head = scratch.commit({ on: base, files: { a: lines({ 1: 'x' }) } });
  scratch.branch('main', head);
  await scratch.clone.fetch({ branches: ['main'] });
  const root = join(scratch.folder, 'clones');
  const reopen = async (): Promise<Clone> => {
    const clones = await openClones({ root, identity: BOT, allowFile: true });
    restarted.push(clones);
    return clones.of(REPOSITORY_ID, { url: `file://${scratch.origin}` });
  };
  const again = (): Promise<Clone> =>
    scratch.clones.of(REPOSITORY_ID, { url: `file://${scratch.origin}` });
  return { dir: join(root, `${REPOSITORY_ID}.git`), root, head, base, reopen, again };
}

async function works(clone: Clone): Promise<boolean> {
  const outcome = await clone.fetch({ branches: ['main'] });
  if (outcome.kind !== 'fetched') return false;
  const head = outcome.heads.get('main');
  const plan = head && { onto: head, head, message: 'x\n', author: BOT, committer: BOT };
  return plan !== undefined && (await clone.merge(plan)).kind === 'merged';
}

/** Objects one by one and in packs. */
function objectFiles(dir: string): string[] {
  const entries = readdirSync(join(dir, 'objects'), { recursive: true, withFileTypes: true });
  return entries.flatMap(({ parentPath, name }) =>
    /^[0-9a-f]{38}$|\.pack$/.test(name) ? [join(parentPath, name)] : [],
  );
}

describe('a broken clone is made anew after a restart', () => {
  it.each(['HEAD', 'config'])('when %s is cut off', async (file) => {
    await using scratch = await aScratch();
    const { dir, reopen } = await aClone(scratch);
    if (file === 'config') writeFileSync(join(dir, file), '[core');
    else truncateSync(join(dir, file));

    expect(await works(await reopen())).toBe(true);
  });

  it('when its objects are gone', async () => {
    await using scratch = await aScratch();
    const { dir, root, reopen } = await aClone(scratch);
    for (const object of objectFiles(dir)) rmSync(object);

    expect(await works(await reopen())).toBe(true);
    expect(readdirSync(join(root, 'quarantine'))).toHaveLength(1);
  });

  it('when its folder holds nothing of git', async () => {
    await using scratch = await aScratch();
    const { dir, reopen } = await aClone(scratch);
    rmSync(dir, { recursive: true });
    mkdirSync(dir);

    expect(await works(await reopen())).toBe(true);
  });
});

describe('a clone that breaks while it is used', () => {
  it('fails once and is made anew when it is next asked for', async () => {
    await using scratch = await aScratch();
    const { dir, again, head } = await aClone(scratch);
    for (const object of objectFiles(dir)) truncateSync(object);
    const plan = { onto: head, head, message: 'x\n', author: BOT, committer: BOT };

    await expect(scratch.clone.merge(plan)).rejects.toMatchObject({ code: 'git' });
    expect(await works(await again())).toBe(true);
  });

  it('is made anew when an anchor was emptied', async () => {
    await using scratch = await aScratch();
    const { dir, again, head } = await aClone(scratch);
    truncateSync(join(dir, 'refs', 'bot', 'commit', head));

    await scratch.clone.fetch({ branches: ['main'] }).catch(() => 'expected once');
    expect(await works(await again())).toBe(true);
  });

  it('is made anew when its folder was deleted', async () => {
    await using scratch = await aScratch();
    const { dir, again } = await aClone(scratch);
    rmSync(dir, { recursive: true });

    expect(await works(await again())).toBe(true);
  });

  it('is kept when the failure was not its own', async () => {
    await using scratch = await aScratch();
    const { dir, again, head } = await aClone(scratch);
    const before = statSync(dir).ino;
    await expect(scratch.clone.isAncestor(head, scratch.commit())).rejects.toThrow();

    expect(await works(await again())).toBe(true);
    expect(statSync(dir).ino).toBe(before);
  });
});

describe('what a killed git left behind', () => {
  const LOCKS = ['packed-refs.lock', 'config.lock', 'shallow.lock', 'HEAD.lock'];

  it('is removed at the next start, locks of refs included', async () => {
    await using scratch = await aScratch();
    const { dir, head, reopen } = await aClone(scratch);
    const next = scratch.commit({ on: head, files: { b: 'b' } });
    scratch.branch('main', next);
    const halves = ['objects/pack/tmp_pack_x', 'objects/ab/tmp_obj_x'];
    const left = [...LOCKS, `refs/bot/commit/${next}.lock`, ...halves];
    for (const name of left) {
      mkdirSync(join(dir, name, '..'), { recursive: true });
      writeFileSync(join(dir, name), '');
      utimesSync(join(dir, name), 1, 1);
    }

    expect(await works(await reopen())).toBe(true);
    expect(readdirSync(dir).filter((name) => name.endsWith('.lock'))).toEqual([]);
    const objects = readdirSync(join(dir, 'objects'), { recursive: true, encoding: 'utf8' });
    expect(objects.filter((name) => name.includes('tmp_'))).toEqual([]);
  });

  it('is removed after a failure too, as far as nobody can be at work on it (F-095)', async () => {
    await using scratch = await aScratch();
    const { dir, again, head } = await aClone(scratch);
    mkdirSync(join(dir, 'objects', 'ab'), { recursive: true });
    for (const name of ['tmp_obj_old', 'tmp_obj_new'])
      writeFileSync(join(dir, 'objects', 'ab', name), '');
    utimesSync(join(dir, 'objects', 'ab', 'tmp_obj_old'), 1, 1);
    await expect(scratch.clone.isAncestor(head, scratch.commit())).rejects.toThrow();

    expect(await works(await again())).toBe(true);
    expect(readdirSync(join(dir, 'objects', 'ab'))).toContain('tmp_obj_new');
    expect(readdirSync(join(dir, 'objects', 'ab'))).not.toContain('tmp_obj_old');
  });
});
