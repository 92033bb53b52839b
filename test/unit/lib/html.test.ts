import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html, link, raw } from '../../../src/lib/html.ts';

describe('a page', () => {
  it('shows markup in a title as text', () => {
    const title = `"><img src=x onerror='alert(1)'>`;
    expect(String(html`<h1 title="${title}">${title}</h1>`)).toBe(
      '<h1 title="&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;">' +
        '&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;</h1>',
    );
  });

  it('never lets a value end its element or attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(String(html`${text}`)).not.toMatch(/[<>"'`\0]/);
      }),
    );
  });

  it('joins lists and keeps what is already safe', () => {
    const items = ['a', '<b>'].map((name) => html`<i>${name}</i>`);
    expect(String(html`<p>${items}</p>`)).toBe('<p><i>a</i><i>&lt;b&gt;</i></p>');
    expect(String(html`${raw('<hr>')}${3}`)).toBe('<hr>3');
  });

  it('prints nothing for what is not there', () => {
    expect(String(html`[${null}${undefined}${false}${true}]`)).toBe('[]');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', ' javascript:alert(1)', '//x', '', null])(
    'does not link to %j',
    (address) => expect(String(link(address, 'text'))).toBe('text'),
  );

  it('links to web addresses, without handing over where one came from', () => {
    expect(String(link('https://ci.test/1?a=1&b="', 'CI & more'))).toBe(
      '<a href="https://ci.test/1?a=1&amp;b=&quot;" rel="noopener noreferrer">CI &amp; more</a>',
    );
  });
});
