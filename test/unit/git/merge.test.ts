import { describe, expect, it } from '@jest/globals';
import { aScratch, BOT, lines, PERSON } from './scratch.ts';

const plan = { message: 'merge it\n', author: BOT, committer: BOT };

describe('a merge', () => {
  it('gives a commit with both parents, target first, and the given signatures', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: lines() } });
    const onto = scratch.commit({ on: base, files: { a: lines({ 1: 'one' }) } });
    const head = scratch.commit({ on: base, files: { a: lines({ 12: 'twelve' }) } });
    await scratch.fetched(onto, head);

    const outcome = await scratch.clone.merge({ onto, head, ...plan });

    if (outcome.kind !== 'merged') throw new Error(JSON.stringify(outcome));
    expect(outcome.changed).toBe(true);
    expect(scratch.files(outcome.commit)).toEqual({ a: lines({ 1: 'one', 12: 'twelve' }) });
    expect(await scratch.clone.commit(outcome.commit)).toMatchObject({
      tree: outcome.tree,
      parents: [onto, head],
      author: BOT,
      committer: BOT,
      message: 'merge it\n',
    });
  });

  it('names the files in conflict and quotes git without the ids of stand-ins', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: lines(), b: 'b\n' } });
    const onto = scratch.commit({ on: base, files: { a: lines({ 1: 'x' }) } });
    const head = scratch.commit({ on: base, files: { a: lines({ 1: 'y' }) } });
    await scratch.fetched(onto, head);

    const outcome = await scratch.clone.merge({ onto, head, ...plan });

    expect(outcome).toEqual({
      kind: 'conflict',
      files: ['a'],
      output: 'CONFLICT (content): Merge conflict in a',
    });
  });

  it('tells a missing commit from a conflict by an exception', async () => {
    await using scratch = await aScratch();
    const onto = scratch.commit({ files: { a: 'a' } });
    const head = scratch.commit({ on: onto, files: { a: 'b' } });
    await scratch.fetched(onto);

    await expect(scratch.clone.merge({ onto, head, ...plan })).rejects.toThrow(`no commit ${head}`);
  });

  it('says when the histories have nothing in common (B-071)', async () => {
    await using scratch = await aScratch();
    const onto = scratch.commit({ files: { a: 'a' } });
    const head = scratch.commit({ files: { a: 'b' } });
    await scratch.fetched(onto, head);

    expect(await scratch.clone.merge({ onto, head, ...plan })).toMatchObject({ kind: 'unrelated' });
  });

  it('is told apart from one which brings nothing new', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: 'a' } });
    const onto = scratch.commit({ on: base, files: { a: 'b' } });
    const head = scratch.commit({ on: base, files: { a: 'b' }, message: 'the same again\n' });
    await scratch.fetched(onto, head);

    expect(await scratch.clone.merge({ onto, head, ...plan })).toMatchObject({ changed: false });
  });
});

describe('a squash', () => {
  it('puts all commits of the head into one on the target', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: lines() } });
    const onto = scratch.commit({ on: base, files: { z: 'z' } });
    const first = scratch.commit({ on: base, files: { a: lines({ 1: 'x' }) } });
    const head = scratch.commit({ on: first, files: { a: lines({ 1: 'x', 12: 'y' }) } });
    await scratch.fetched(onto, head);

    const outcome = await scratch.clone.squash({ onto, head, ...plan, author: PERSON });

    if (outcome.kind !== 'merged') throw new Error(JSON.stringify(outcome));
    expect(scratch.files(outcome.commit)).toEqual({ a: lines({ 1: 'x', 12: 'y' }), z: 'z' });
    const commit = await scratch.clone.commit(outcome.commit);
    expect(commit).toMatchObject({ parents: [onto], author: PERSON, committer: BOT });
  });
});
