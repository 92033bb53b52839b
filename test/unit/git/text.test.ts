import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isBranchName } from '../../../src/git/branch-name.ts';
import { formatCommit, parseCommit, type CommitContent } from '../../../src/git/objects.ts';
import { formatSignature, parseSignature } from '../../../src/git/signature.ts';
import { decodeText, pathText } from '../../../src/git/text.ts';
import { isGitRecentEnough, parseGitVersion } from '../../../src/git/version.ts';
import { sha } from '../../../src/lib/ids.ts';
import { aScratch, BOT } from './scratch.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 12 });

describe('a path as a string', () => {
  it('is the path where that is plain text', () => {
    expect(pathText(Buffer.from('dir/naïve file.ts'))).toBe('dir/naïve file.ts');
  });

  it('is quoted as git does where it is not', () => {
    expect(pathText(Buffer.from('a\tb"c\\d\xff\x01', 'latin1'))).toBe('"a\\tb\\"c\\\\d\\377\\001"');
  });

  it('is never the same for two paths', () => {
    fc.assert(
      fc.property(bytes, bytes, (one, two) => {
        const same = Buffer.compare(one, two) === 0;
        return same === (pathText(one) === pathText(two));
      }),
    );
  });
});

describe('text of a commit', () => {
  it('is read by its encoding, as UTF-8, or else byte by byte', () => {
    expect(decodeText(Buffer.from('caf\xe9', 'latin1'), 'ISO-8859-1')).toBe('café');
    expect(decodeText(Buffer.from('café'))).toBe('café');
    expect(decodeText(Buffer.from('caf\xe9', 'latin1'))).toBe('café');
    expect(decodeText(Buffer.from('café'), 'klingon')).toBe('café');
    expect(decodeText(Buffer.from('a\0b'))).toBe('ab');
  });
});

describe('a signature', () => {
  const rewritten = (line: string): string => formatSignature(parseSignature(Buffer.from(line)));

  it.each([
    'Ada <ada@acme.test> 1700000000 +0100',
    'Ada <> 1700000000 -0930',
    "Dr. O'Neil, Jr. <x> 0 +0000",
    'Ada <ada@acme.test> 99999999999999 +9999',
  ])('stays as it is: %s', (line) => {
    expect(rewritten(line)).toBe(line);
  });

  it.each([
    [' <> 1 +0000', 'unknown <> 1 +0000'],
    ['<a@b> 1 +0000', 'unknown <a@b> 1 +0000'],
    ['A <<x>y> 5 +0100', 'A <xy> 5 +0100'],
    ['A <a> -5 +0100', 'A <a> 0 +0100'],
    ['A <a> 99999999999999999999999 +0000', 'A <a> 4611686018427387904 +0000'],
    ['A <a> yesterday', 'A <a> 0 +0000'],
    ['nothing at all', 'nothing at all <> 0 +0000'],
  ])('becomes one git can hold: %s', (line, expected) => {
    expect(rewritten(line)).toBe(expected);
  });

  it('cannot break out of its line', () => {
    const evil = { name: 'A\nparent 1', email: 'a>\n\nmessage', date: '1 +0000\nx' };
    expect(formatSignature(evil)).toBe('Aparent 1 <amessage> 0 +0000');
  });
});

describe('a commit object', () => {
  const id = sha('1'.repeat(40));
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(text, text, text, (name, email, message) => {
        const person = parseSignature(
          Buffer.from(formatSignature({ name, email, date: '7 +0200' })),
        );
        const commit: CommitContent = {
          tree: id,
          parents: [id, id],
          author: person,
          committer: BOT,
          message: `${message.replaceAll('\0', '').replace(/\n+$/, '')}\n`,
        };
        expect(parseCommit(id, formatCommit(commit))).toEqual({ ...commit, sha: id });
      }),
    );
  });

  it('with odd people, dates and text is copied by git itself without complaint', async () => {
    await using scratch = await aScratch();
    const onto = scratch.commit({ files: { a: 'a' } });
    const message = Buffer.from('#1 caf\xe9\r\n\r\n'.padEnd(1_100_000, 'x'), 'latin1');
    const author = ' <> 99999999999999 +0000';
    const odd = scratch.commit({ on: onto, files: { b: 'b' }, message, author: `x${author}` });
    await scratch.fetched(odd);

    const outcome = await scratch.clone.pick({ onto, commits: [odd], committerDate: BOT.date });

    if (outcome.kind !== 'picked') throw new Error(JSON.stringify(outcome));
    const copy = await scratch.clone.commit(outcome.head);
    expect(copy.author).toEqual({ name: 'x', email: '', date: '99999999999999 +0000' });
    expect(copy.message.slice(0, 12)).toBe('#1 café\r\n\r\nx');
    expect(scratch.inClone('fsck', '--strict', '--no-dangling')).toBe('');
  });
});

describe('a branch name', () => {
  it('is accepted exactly when git accepts it', async () => {
    await using scratch = await aScratch();
    const part = fc.constantFrom(
      'a',
      '.',
      '/',
      'lock',
      '.lock',
      '@',
      '{',
      ' ',
      '~',
      '-',
      'é',
      '\x7f',
      '*',
    );
    const names = fc.sample(fc.array(part, { minLength: 1, maxLength: 5 }), {
      numRuns: 150,
      seed: 3,
    });
    for (const name of names.map((parts) => parts.join(''))) {
      expect([name, isBranchName(name)]).toEqual([name, isValidRef(scratch.git, name)]);
    }
  });
});

function isValidRef(git: (...args: string[]) => string, name: string): boolean {
  try {
    git('check-ref-format', `refs/heads/${name}`);
    return true;
  } catch {
    return false;
  }
}

describe('the version of git', () => {
  it.each([
    ['git version 2.39.5', true],
    ['git version 2.38.0', true],
    ['git version 2.37.9', false],
    ['git version 3.0.0', true],
    ['git version 2.50.1 (Apple Git-155)', true],
  ])('%s is recent enough: %s', (line, expected) => {
    const version = parseGitVersion(line);
    expect(version && isGitRecentEnough(version)).toBe(expected);
  });

  it('is not read from anything else', () => {
    expect(parseGitVersion('hub version 2.14')).toBeNull();
  });
});
