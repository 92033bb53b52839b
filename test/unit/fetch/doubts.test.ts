import { describe, expect, it } from '@jest/globals';
import { findDoubts } from '../../../src/fetch/doubts.ts';

const HEAD = 'a'.repeat(40);
const SINCE = new Date('2026-03-01T00:00:00Z');

const record = (changes: object = {}) => ({
  number: 1,
  title: 'Title',
  body: '',
  base: 'master',
  head: HEAD,
  draft: false,
  awaitsCi: false,
  landed: false,
  ...changes,
});

const listed = (changes: object = {}) =>
  ({
    number: 1,
    title: 'Title',
    body: '',
    base: { branch: 'master', sha: HEAD },
    head: { sha: HEAD },
    draft: false,
    updatedAt: new Date('2026-03-02T00:00:00Z'),
    ...changes,
  }) as never;

const doubts = (known: ReturnType<typeof record>[], list: never[]) =>
  findDoubts({ known, listed: list, since: SINCE, managed: (branch) => branch !== 'feature' });

describe('the pull requests in doubt', () => {
  it('are none where the list says what is known', () => {
    expect(doubts([record()], [listed()])).toEqual([]);
  });

  it.each([
    ['head', { head: { sha: 'b'.repeat(40) } }],
    ['base', { base: { branch: '18.0', sha: HEAD } }],
    ['title', { title: 'Other' }],
    ['body', { body: 'Other' }],
    ['draft', { draft: true }],
  ])('are those whose %s differs', (_name, changes) => {
    expect(doubts([record()], [listed(changes)])).toEqual([1]);
  });

  it('are those that wait for CI, whose words may have been lost', () => {
    expect(doubts([record({ awaitsCi: true })], [listed()])).toEqual([1]);
  });

  it('are those that GitHub no longer has open, unless they landed', () => {
    expect(doubts([record(), record({ number: 2, landed: true })], [])).toEqual([1]);
  });

  it('are the unknown ones, but not those untouched since before the bot, nor those of other branches', () => {
    const before = listed({ number: 4, updatedAt: new Date('2026-02-01T00:00:00Z') });
    const foreign = listed({ number: 5, base: { branch: 'feature', sha: HEAD } });

    expect(doubts([], [listed({ number: 3 }), before, foreign])).toEqual([3]);
  });
});
