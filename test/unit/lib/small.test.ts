import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../../src/lib/duration.ts';
import { describeExit, UserError } from '../../../src/lib/errors.ts';
import { findPatternFault, matchesWhole, replacePattern } from '../../../src/lib/pattern.ts';

describe('a duration', () => {
  it.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['0s', 0],
  ])('reads %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '5', 'm', '5 m', '-1s', '1.5h', '5M', '9999999999s', '1h30m'])(
    'refuses %j',
    (text) => expect(parseDuration(text)).toBeUndefined(),
  );

  it('is printed so that it reads back the same', () => {
    fc.assert(
      fc.property(fc.nat(9_999_999), (seconds) => {
        expect(parseDuration(formatDuration(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });
});

describe('a pattern', () => {
  it('matches the whole name', () => {
    expect(matchesWhole('1[78]\\.0', '17.0')).toBe(true);
    expect(matchesWhole('1[78]\\.0', '17.0-old')).toBe(false);
    expect(matchesWhole('a|b', 'ab')).toBe(false);
  });

  it('takes linear time where others explode', () => {
    const started = performance.now();
    expect(matchesWhole('(a+)+', `${'a'.repeat(20_000)}!`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it.each(['(a', '(?=a)', '(a)\\1', 'x'.repeat(10_000), '((a{1000}){1000})'])(
    'is refused with a reason: %.20s',
    (text) => expect(findPatternFault(text)).toMatch(/^is /),
  );

  it.each([
    ['acme-dev:fix', { pattern: '^.*:(.*)$', replacement: 'acme:\\1', flags: '' }, 'acme:fix'],
    ['aXbX', { pattern: 'x', replacement: '-', flags: 'gi' }, 'a-b-'],
    ['aXbX', { pattern: 'X', replacement: '-', flags: '' }, 'a-bX'],
    ['ab', { pattern: 'b', replacement: '$1\\', flags: '' }, 'a$1\\'],
    ['ab', { pattern: '(b)', replacement: '\\10\\2', flags: '' }, 'ab0'],
  ])('rewrites %s', (text, rule, expected) => expect(replacePattern(text, rule)).toBe(expected));
});

describe('an error for the user', () => {
  it('is one line and the right exit code', () => {
    const busy = new UserError({ code: 'port-in-use', host: '127.0.0.1', port: 8300 });
    expect(describeExit(busy)).toEqual({
      text: 'port 8300 on 127.0.0.1 is in use: stop what listens there, or choose another server.port',
      exitCode: 1,
    });
    expect(new UserError({ code: 'usage', detail: 'no such option' }).exitCode).toBe(2);
  });

  it('is a bug with its stack when it is none of the known ones', () => {
    const { text, exitCode } = describeExit(new TypeError('oops'));
    expect(text).toMatch(/^a bug in stagecoach: TypeError: oops\n {4}at /);
    expect(exitCode).toBe(1);
  });
});
