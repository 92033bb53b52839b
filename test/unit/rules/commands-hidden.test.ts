import { describe, expect, it } from '@jest/globals';
import { parseComment } from '../../../src/rules/commands.ts';

const parse = (text: string) => parseComment(text, 'bot').kind;

describe('text that is no command', () => {
  it.each([
    ['a quotation', '> @bot r+'],
    ['a nested quotation', '  > > @bot r+'],
    ['fenced code', '```\n@bot r+\n```'],
    ['fenced code with a language', '```sh\n@bot r+\n```'],
    ['fenced code of tildes', '~~~\n@bot r+\n~~~'],
    ['fenced code that is never closed', '```\n@bot r+'],
    ['fenced code with a shorter fence in it', '````\n```\n@bot r+\n````'],
    ['fenced code closed only by an indented fence', '```\n    ```\n@bot r+\n```'],
    ['fenced code in a list', '- ```\n  @bot r+\n  ```'],
    ['indented code', '    @bot r+'],
    ['code indented by a tab', '\t@bot r+'],
    ['a line indented like code within a paragraph', 'text\n    @bot r+'],
    ['a code span', '`@bot r+`'],
    ['a code span over lines', 'see `this\n@bot r+\nthere` for'],
    ['a code span of two ticks', '``a ` b\n@bot r+\n``'],
    ['an HTML comment', '<!-- @bot r+ -->'],
    ['an HTML comment over lines', '<!--\n@bot r+\n-->'],
    ['an HTML comment over paragraphs', '<!--\n\n@bot r+\n\n-->'],
    ['an HTML comment within a paragraph', 'text <!--\n@bot r+\n--> text'],
    ['hidden details', '<details>\n\n@bot r+\n\n</details>'],
    ['details that are never closed', '<details><summary>x</summary>\n\n@bot r+'],
    ['preformatted text', '<pre>\n@bot r+\n</pre>'],
    ['an element that shows code', 'a <code>\n@bot r+\n</code>'],
    ['a quotation in HTML', '<blockquote>\n\n@bot r+\n\n</blockquote>'],
    ['the text of a link', '[see\n@bot r+\n](https://x.test)'],
    ['the text of an image', '![see\n@bot r+\n](https://x.test)'],
    ['a quoted e-mail', 'Thanks!\n\nOn Mon, 6 May 2024 Rita <r@x.test> wrote:\n\n@bot r+'],
    ['the middle of a sentence', 'ask @bot r+'],
    ['a list item', '- @bot r+'],
    ['a longer login', '@bot-evil r+'],
    ['another longer login', '@bots r+'],
    ['an address', 'foo@bot r+'],
    ['a mention with a comma', '@bot, r+'],
    ['a team', '@bot/team r+'],
    ['two at signs', '@@bot r+'],
    ['a pipe before the name', '|bot r+'],
    ['a name with an invisible space', '@bo\u200bt r+'],
    ['a name with a foreign letter', '@b\u043et r+'],
    ['a no-break space after the name', '@bot\u00a0r+'],
  ])('is %s', (_, text) => {
    expect(parse(text)).toBe('none');
  });

  it('keeps other letter cases of ASCII only', () => {
    expect(parseComment('@KIT retry', 'kit').kind).toBe('commands');
    expect(parseComment('@\u212aIT retry', 'kit').kind).toBe('none');
  });
});

describe('text that is a command', () => {
  it.each([
    ['after a quotation', '> what?\n\n@bot r+'],
    ['after closed code', '```\nx\n```\n@bot r+'],
    ['after a code span', 'use `x`\n@bot r+'],
    ['after a lone tick', "it's a ` here\n@bot r+"],
    ['after ticks of another length', '`` x `\n@bot r+'],
    ['after escaped ticks', '\\`x\n@bot r+ \n'],
    ['after an HTML comment', '<!-- note -->\n@bot r+'],
    ['after an arrow that ends no comment', 'a <! b\n@bot r+'],
    ['after closed details', '<details>\nx\n</details>\n\n@bot r+'],
    ['after a link', '[a](https://x.test) b\n@bot r+'],
    ['after a footnote mark', 'see [1]\n@bot r+'],
    ['indented by three spaces', '   @bot r+'],
    ['between carriage returns', 'a\r\n@bot r+\r\nb'],
    ['after a heading with a tick', '# a ` b\n@bot r+'],
  ])('stands %s', (_, text) => {
    expect(parse(text)).toBe('commands');
  });

  it.each([
    ['a zero-width space', '@bot r\u200b+'],
    ['a word joiner', '@bot r\u2060+'],
    ['a right-to-left override', '@bot \u202er+'],
    ['a control character', '@bot r+\u0007'],
    ['one within quotes', '@bot remindme:a="x\u202ey"'],
  ])('is refused with %s in it', (_, text) => {
    expect(parseComment(text, 'bot')).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'hidden-character' },
    });
  });
});
