import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  block,
  code,
  count,
  enumerate,
  link,
  minutes,
  ping,
  plain,
} from '../../../src/messages/text.ts';

const HOSTILE = [
  '@acme/everybody',
  '#12',
  'acme/app#12',
  '<!-- stagecoach:merged -->',
  '`',
  '``',
  '```',
  '[x](y)',
  '<b>',
  '**',
  '\n',
  '\\',
  'text',
  '|',
  '~~~',
  '@ann',
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string()))
  .map((parts) => parts.join(''));

/** What GitHub would take for a mention, outside code. */
const MENTION = /(?<![\w`])@[A-Za-z0-9]/;

describe('foreign text', () => {
  it('in prose mentions nobody, refers to nothing and is no markup', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = plain(text);
        expect(shown).not.toMatch(MENTION);
        expect(shown).not.toMatch(/#[0-9]/);
        expect(shown).not.toContain('<');
        expect(shown).not.toContain('\n');
        expect(shown.replace(/\\[^\n]/g, '')).not.toMatch(/[`*_[\]|]/);
      }),
    );
  });

  it('as code stays within its ticks, on one line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = code(text);
        if (shown === '(empty)') return;
        const ticks = /^`+/.exec(shown)?.[0] ?? '';
        const inner = shown.slice(ticks.length, -ticks.length);
        expect(shown.endsWith(ticks)).toBe(true);
        expect(inner.match(/`+/g) ?? []).not.toContain(ticks);
        expect(inner).not.toMatch(/^`|`$|\n/);
      }),
    );
  });

  it('as a block stays within its fence', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = block(text).split('\n');
        const fence = lines[0] ?? '';
        expect(fence).toMatch(/^`{3,}$/);
        expect(lines.at(-1)).toBe(fence);
        for (const line of lines.slice(1, -1)) expect(line.includes(fence)).toBe(false);
      }),
    );
  });

  it('never holds a marker that could be taken for one of the bot', () => {
    for (const shown of [plain, code, block].map((show) =>
      show('x <!-- stagecoach:merged --> y'),
    )) {
      expect(shown).not.toContain('<!--');
    }
  });

  it('that is long is cut, says so, and leaves no half character', () => {
    expect(block('x'.repeat(9_000))).toContain('… (808 more characters)');
    expect(plain(`${'x'.repeat(299)}😀😀`)).toBe(`${'x'.repeat(299)}… (4 more characters)`);
  });
});

describe('links', () => {
  it('lead to the web only', () => {
    expect(link('log', 'https://ci.test/a(b)')).toBe('[log](https://ci.test/a%28b%29)');
    expect(link('log', 'javascript:alert(1)')).toBe('log');
    expect(link('log', 'https://x.test/ "title')).toBe('log');
    expect(link('log', null)).toBe('log');
  });
});

describe('small words', () => {
  it('address each person once', () => {
    expect(ping(['ann', 'bob', 'ann'])).toBe('@ann @bob ');
    expect(ping([])).toBe('');
  });

  it('count and list', () => {
    expect([count(1, 'commit'), count(3, 'commit')]).toEqual(['1 commit', '3 commits']);
    expect([enumerate([]), enumerate(['a']), enumerate(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a, b and c',
    ]);
    expect([minutes(1), minutes(5000)]).toEqual(['1 second', '5 seconds']);
    expect([minutes(60_000), minutes(90 * 60_000)]).toEqual(['1 minute', '90 minutes']);
  });
});
