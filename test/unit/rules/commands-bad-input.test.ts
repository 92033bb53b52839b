import { describe, expect, it } from '@jest/globals';
import { parseComment } from '../../../src/rules/commands.ts';

const parse = (text: string) => parseComment(text, 'bot');

describe('a comment that only looks like a command', () => {
  it.each([
    ['B-035 in a quotation', '> @bot r+'],
    ['B-035 in fenced code', '```\n@bot r+\n```'],
    ['B-035 in inline code', '`@bot r+`'],
    ['B-035 in an HTML comment', '<!--\n@bot r+\n-->'],
    ['B-035 in folded details', '<details>\n\n@bot r+\n\n</details>'],
    ['B-035 as the text of a link', '[a\n@bot r+\nb](https://x.test)'],
    ['B-035 as the text of an image', '![a\n@bot r+\nb](https://x.test)'],
    ['B-036 below the header of a quoted e-mail', 'On Mon, 6 May 2024 Rita wrote:\n\n@bot r+'],
    ['B-037 with a zero-width space in the name', '@bo\u200bt r+'],
    ['B-037 with a no-break space after the name', '@bot\u00a0r+'],
    ['B-037 with an ideographic space after the name', '@bot\u3000r+'],
    ['B-038 with a Cyrillic letter in the name', '@b\u043et r+'],
    ['B-038 with a fullwidth at sign', '\uff20bot r+'],
    ['B-041 for a longer login', '@bot-evil r+'],
    ['B-041 for a login with one more letter', '@bots r+'],
    ['B-041 in an address', 'foo@bot.com r+'],
    ['B-041 for a team', '@bot/team r+'],
  ])('is none: %s', (_name, text) => {
    expect(parse(text).kind).toBe('none');
  });

  it('B-039 is none where only Unicode takes letters for the same', () => {
    expect(parseComment('@\u212aIT r+', 'kit').kind).toBe('none'); // Kelvin sign
    expect(parseComment('@re\u017ftage r+', 'restage').kind).toBe('none'); // long s
  });
});

describe('a comment that the bot refuses whole', () => {
  it.each<[string, string, object]>([
    ['B-037 a word joiner in a word', '@bot r\u2060+', { kind: 'hidden-character' }],
    ['B-038 fullwidth letters', '@bot \uff52\uff0b', { kind: 'unknown-word' }],
    ['B-039 a long s in a word', '@bot \u017fquash', { kind: 'unknown-word' }],
    ['B-040 a right-to-left override', '@bot \u202er+', { kind: 'hidden-character' }],
    ['B-040 an isolate', '@bot \u2066r-\u2069', { kind: 'hidden-character' }],
    ['B-040 a control character', '@bot r+\u0007', { kind: 'hidden-character' }],
    ['B-040 a control character of the second set', '@bot r+\u009b', { kind: 'hidden-character' }],
    ['B-042 eleven commands', `@bot ${'r+ '.repeat(11)}`, { kind: expect.any(String) }],
    ['B-042 more than 5,000 characters', `@bot r+\n${'x'.repeat(5_000)}`, { kind: 'too-long' }],
    ['B-042 a line of 65,536', `@bot ${'x'.repeat(65_531)}`, { kind: 'too-long' }],
    ['B-044 a contradiction', '@bot r+ r-', { kind: 'contradiction' }],
    ['B-044 the same twice', '@bot r+ r+', { kind: 'repeated' }],
    ['B-044 an unknown word beside a known one', '@bot r+ frobnicate', { kind: 'unknown-word' }],
    ['B-044 an unknown word on another line', '@bot r+\n@bot frobnicate', { kind: 'unknown-word' }],
    ['B-045 a number that is too long', '@bot r=999999999999', { kind: 'expected' }],
    ['B-045 a number below nought', '@bot r=-1', { kind: 'expected' }],
    ['B-045 a number with an exponent', '@bot r=1e3', { kind: 'expected', got: '1e3' }],
    ['B-045 a number to the base of sixteen', '@bot r=0x10', { kind: 'expected', got: '0x10' }],
    ['B-045 a number in other digits', '@bot r=\u0663', { kind: 'unknown-word' }],
    ['B-045 nought', '@bot r=0', { kind: 'expected', got: '0' }],
    ['B-049 the first digits of a head, too few', '@bot r+ abc1234', { kind: 'short-head' }],
    ['B-054 delegates beyond five', '@bot delegate=a,b,c,d,e,f', { kind: 'too-many-values' }],
    ['B-054 a delegate that is a team', '@bot delegate=acme/team', { kind: expect.any(String) }],
    ['B-054 a delegate that is an App', '@bot delegate=x[bot]', { kind: 'expected' }],
  ])('for %s', (_name, text, refusal) => {
    expect(parse(text)).toMatchObject({ kind: 'refused', refusal });
  });
});

describe('a comment made to take long', () => {
  const costs = (piece: string, end: string): [number, number] => {
    const time = (length: number): number => {
      const text = `${piece.repeat(length / piece.length)}${end}`;
      const runs = Array.from({ length: 5 }, () => {
        const begun = performance.now();
        parse(text);
        return performance.now() - begun;
      });
      return Math.min(...runs);
    };
    time(1 << 14); // warm
    return [time(1 << 13), time(1 << 16)];
  };

  it.each([
    ['nested brackets', '[(', ')]'],
    ['nested quotation marks', '"\'', ''],
    ['a run of one letter', 'a', '!'],
    ['half an HTML comment', '<!-', ''],
    ['mail headers without end', 'On 1 ', ''],
  ])('B-043 costs in proportion to its length: %s', (_name, piece, end) => {
    const [short, long] = costs(piece, `\n@bot r+${end}`);
    // Eight times the length: the square of it would be 64 times as dear. The rest is room for a busy machine.
    expect(long).toBeLessThan(Math.max(30 * short, 20));
  });
});
