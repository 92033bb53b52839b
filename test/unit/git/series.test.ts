import { describe, expect, it } from '@jest/globals';
import type { Sha } from '../../../src/lib/ids.ts';
import { aScratch, BOT, git, lines, PERSON } from './scratch.ts';

const committerDate = BOT.date;

describe('a rebase', () => {
  it('copies every commit, keeping people and author date, and maps originals to copies', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: lines() } });
    const onto = scratch.commit({ on: base, files: { z: 'z' } });
    const first = scratch.commit({ on: base, files: { a: lines({ 1: 'x' }) }, message: 'one\n' });
    const second = scratch.commit({ on: first, files: { b: 'b' }, message: 'two\n' });
    await scratch.fetched(onto, second);

    const outcome = await scratch.clone.rebase({
      onto,
      commits: [first, second],
      rewrite: ({ message }) => `${message}\nmore\n`,
      committerDate,
    });

    if (outcome.kind !== 'rebased') throw new Error(JSON.stringify(outcome));
    expect([...outcome.copies.keys()]).toEqual([first, second]);
    expect(outcome.copies.get(second)).toBe(outcome.head);
    expect(scratch.files(outcome.head)).toEqual({ a: lines({ 1: 'x' }), b: 'b', z: 'z' });
    const last = await scratch.clone.commit(outcome.head);
    expect(last.parents).toEqual([outcome.copies.get(first)]);
    expect(last.author).toEqual(PERSON);
    expect(last.committer).toEqual({ ...PERSON, date: committerDate });
    expect(last.message).toBe('two\n\nmore\n');
  });

  it('names the commit in conflict', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: lines() } });
    const onto = scratch.commit({ on: base, files: { a: lines({ 5: 'x' }) } });
    const first = scratch.commit({ on: base, files: { b: 'b' } });
    const second = scratch.commit({ on: first, files: { a: lines({ 5: 'y' }) } });
    await scratch.fetched(onto, second);

    const outcome = await scratch.clone.rebase({ onto, commits: [first, second], committerDate });

    expect(outcome).toMatchObject({ kind: 'conflict', commit: second, files: ['a'] });
  });

  it('refuses merges', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: 'a' } });
    const side = scratch.commit({ on: base, files: { b: 'b' } });
    const merged = scratch.commit({ on: [base, side], files: { b: 'b' } });
    await scratch.fetched(merged);

    const outcome = await scratch.clone.rebase({ onto: base, commits: [merged], committerDate });

    expect(outcome).toEqual({ kind: 'merge-commit', commit: merged });
  });

  it('keeps a commit that was empty and stops at one which becomes empty', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: 'a' } });
    const onto = scratch.commit({ on: base, files: { a: 'b' } });
    const empty = scratch.commit({ on: base });
    const same = scratch.commit({ on: empty, files: { a: 'b' } });
    await scratch.fetched(onto, same);

    const kept = await scratch.clone.rebase({ onto, commits: [empty], committerDate });
    const stopped = await scratch.clone.rebase({ onto, commits: [empty, same], committerDate });

    expect(kept.kind).toBe('rebased');
    expect(stopped).toEqual({ kind: 'emptied', commit: same });
  });
});

describe('a pick', () => {
  it('is carried over commit by commit, though it has 250 of them (forwardport spec 7)', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: lines() } });
    const onto = scratch.commit({ on: base, files: { b: 'target' } });
    const stream = Array.from({ length: 250 }, (_, n) => {
      const from = n === 0 ? `from ${base}\n` : '';
      const text = `${n}\n`;
      const head = `commit refs/heads/long\ncommitter Ada <ada@acme.test> ${n} +0000\ndata 2\nx\n`;
      return `${head}${from}M 100644 inline c\ndata ${text.length}\n${text}\n`;
    });
    git(scratch.origin, ['fast-import', '--quiet'], stream.join(''));
    const series = scratch.git('rev-list', '--reverse', `${base}..long`).split('\n') as Sha[];
    await scratch.fetched(onto, ...series.slice(-1));
    const picked = await scratch.clone.pick({ onto, commits: series, committerDate: BOT.date });
    if (picked.kind !== 'picked') throw new Error(picked.kind);
    expect(picked.copies.size).toBe(250);
    expect(scratch.inClone('rev-list', '--count', `${onto}..${picked.head}`)).toBe('250');
  });

  it('takes a merge relative to its first parent', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: 'a' } });
    const onto = scratch.commit({ on: base, files: { z: 'z' } });
    const main = scratch.commit({ on: base, files: { m: 'm' } });
    const side = scratch.commit({ on: base, files: { s: 's' } });
    const merged = scratch.commit({ on: [main, side], files: { s: 's' } });
    await scratch.fetched(onto, merged);

    const outcome = await scratch.clone.pick({ onto, commits: [merged], committerDate });

    if (outcome.kind !== 'picked') throw new Error(JSON.stringify(outcome));
    expect(scratch.files(outcome.head)).toEqual({ a: 'a', s: 's', z: 'z' });
    expect((await scratch.clone.commit(outcome.head)).parents).toEqual([onto]);
  });

  it('takes the first commit of a history whole', async () => {
    await using scratch = await aScratch();
    const onto = scratch.commit({ files: { z: 'z' } });
    const root = scratch.commit({ files: { a: 'a' } });
    await scratch.fetched(onto, root);

    const outcome = await scratch.clone.pick({ onto, commits: [root], committerDate });

    if (outcome.kind !== 'picked') throw new Error(JSON.stringify(outcome));
    expect(scratch.files(outcome.head)).toEqual({ a: 'a', z: 'z' });
  });

  it('calls a commit empty which changes nothing on the target', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: 'a' } });
    const onto = scratch.commit({ on: base, files: { a: 'b' } });
    const same = scratch.commit({ on: base, files: { a: 'b' } });
    const empty = scratch.commit({ on: base });
    await scratch.fetched(onto, same, empty);

    for (const commit of [same, empty]) {
      const outcome = await scratch.clone.pick({ onto, commits: [commit], committerDate });
      expect(outcome).toEqual({ kind: 'empty', commit });
    }
  });
});
