import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  parseCommitMessage,
  parsePullRequestText,
  printCommitMessage,
} from '../../../src/rules/commit-message.ts';

const line = fc.oneof(
  fc.constantFrom(
    '',
    'text',
    '  indented',
    '---',
    '***',
    'Key: value',
    'co-authored-by: Ann <a@x>',
    '```',
    '- item',
    'https://x.test/a',
  ),
  fc.string({ maxLength: 8 }),
);
const anyText = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));

describe('a commit message', () => {
  it('has a title, a body and trailers', () => {
    expect(
      parseCommitMessage('Add a door\n\nIt is red.\n\nRefs: #3\n\nsigned-off-by: Ann <a@x>\n'),
    ).toEqual({
      title: 'Add a door',
      body: 'It is red.',
      trailers: [
        { key: 'Refs', value: '#3' },
        { key: 'Signed-off-by', value: 'Ann <a@x>' },
      ],
    });
  });

  it('keeps a title as it is, even one that looks like a trailer', () => {
    expect(parseCommitMessage('Fix: the door')).toEqual({
      title: 'Fix: the door',
      body: '',
      trailers: [],
    });
  });

  it('takes co-authors wherever they stand and prints them last', () => {
    const text = 'T\n\nCo-Authored-By: Ann <a@x>\nbody\n\nCo-authored-by: Bob <b@x>\nRefs: 1';
    expect(printCommitMessage(parseCommitMessage(text))).toBe(
      'T\n\nbody\n\nRefs: 1\nCo-authored-by: Ann <a@x>\nCo-authored-by: Bob <b@x>',
    );
  });

  it('groups trailers by key in the order of first appearance', () => {
    const text = 'T\n\nb: 1\nA: 2\nB: 3';
    expect(printCommitMessage(parseCommitMessage(text))).toBe('T\n\nB: 1\nB: 3\nA: 2');
  });

  it('takes neither addresses nor lines above text for trailers', () => {
    expect(parseCommitMessage('T\n\nNote: this\nis text').trailers).toEqual([]);
    expect(parseCommitMessage('T\n\nhttps://x.test').trailers).toEqual([]);
  });

  it('keeps the indentation of its body', () => {
    expect(parseCommitMessage('T\n\n\n    code\n').body).toBe('    code');
  });

  it('is read back as it was printed', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const message = parseCommitMessage(text);
        expect(parseCommitMessage(printCommitMessage(message))).toEqual(message);
      }),
    );
  });
});

describe('the text of a pull request', () => {
  it.each([
    ['dashes', 'T\n\nkept\n\n---\n\nhidden\n\nSigned-off-by: me'],
    ['stars', 'T\n\nkept\n***\nhidden'],
    ['spaced underscores', 'T\n\nkept\n\n  _ _ _\nhidden'],
    ['spaced dashes under text', 'T\n\nkept\n- - -\nhidden'],
  ])('is cut at a thematic break of %s, trailers below it included', (_, text) => {
    expect(parsePullRequestText(text)).toEqual({ title: 'T', body: 'kept', trailers: [] });
  });

  it.each([
    ['the underline of a heading', 'T\n\nHeading\n---\ntext'],
    ['dashes in code', 'T\n\n```\n\n---\n```\nmore'],
    ['dashes far to the right', 'T\n\n    ---\nmore'],
    ['two dashes', 'T\n\n--\nmore'],
  ])('is not cut at %s', (_, text) => {
    expect(printCommitMessage(parsePullRequestText(text))).toBe(text);
  });

  it('of 65,536 characters costs no more than its length', () => {
    const started = performance.now();
    for (const text of [
      '- '.repeat(32_000),
      'a: b\n'.repeat(13_000),
      '-'.repeat(65_000),
      ' '.repeat(65_000),
    ]) {
      parsePullRequestText(`T\n\n${text}x\n`);
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
