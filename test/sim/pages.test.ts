import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GitHub } from './support/github.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('what people see on the pages', () => {
  let github: GitHub;
  beforeAll(async () => {
    github = await GitHub.start();
    await github.repository();
    await github.pull('app', 'topic', { 'a.txt': 'new\n' });
  });
  afterAll(() => github[Symbol.asyncDispose]());

  const open = (path: string, more: RequestInit = {}) =>
    fetch(github.url + path, { headers: BROWSER, redirect: 'manual', ...more });
  /** The last thing said on a page, without white space around tags. */
  const lastSaid = async (): Promise<string> => {
    const page = await (await open('/acme/app/pull/1')).text();
    const said = page.split('<section>').at(-1)?.split('</section>')[0] ?? '';
    return said.replace(/\s*\n\s*/g, '\n').trim();
  };
  const shown = async (body: string): Promise<string> => {
    await github.as('bob', 'POST /repos/acme/app/issues/1/comments', { body });
    return lastSaid();
  };

  it.each([
    ['emphasis and code', 'a **b** `c<d>`', '<p>a <strong>b</strong> <code>c&lt;d&gt;</code></p>'],
    ['the end of a line', 'a\nb', '<p>a<br>b</p>'],
    ['a list of tasks', '- [x] a', /<li><input[^>]*checked[^>]*disabled[^>]*> a<\/li>/],
    ['a table', '|a|b|\n|-|-|\n|1|2|', /<table>[^]*<td>1<\/td>[^]*<\/table>/],
    ['accounts there are', '@bob @nobody a@bob', '<p><b>@bob</b> @nobody a@bob</p>'],
    [
      'pull requests there are',
      '#1 #9 acme/app#1 acme/none#1 x#1 `#1`',
      '<p><a href="/acme/app/pull/1">#1</a> #9 <a href="/acme/app/pull/1">acme/app#1</a> acme/none#1 x#1 <code>#1</code></p>',
    ],
    [
      'what folds',
      '<details open><summary>Log</summary>\n\n```\na\n```\n\n</details>',
      '<details open=""><summary>Log</summary><pre><code>a\n</code></pre>\n</details>',
    ],
    [
      'the picture and the link of a badge',
      '[![now](http://bot.test/1.svg)](http://bot.test/1)',
      '<p><a href="http://bot.test/1"><img src="http://bot.test/1.svg" alt="now"></a></p>',
    ],
    ['no comment of HTML', 'a <!-- key --> b <!-- rest', '<p>a  b &lt;!-- rest</p>'],
    ['characters by their number', '&lt; &#64; &amp;', '<p>&lt; @ &amp;</p>'],
    ['HTML that stays open, closed', '<b>a <i>b</b> </div>', '<p><b>a <i>b</i></b> </p>'],
    ['a script as text', 'a <script>x</script>', '<p>a &lt;script&gt;x&lt;/script&gt;</p>'],
    ['a harmful link as its text', '[a](javascript:b)', '<p>a</p>'],
    ['a harmful link of HTML as text', '<a href="java\tscript:b">a</a>', '<p><a>a</a></p>'],
    ['a hidden scheme as an address of here', '<a href="javascript&#58;b">a</a>', /&amp;#58;b/],
    ['no attribute that runs', 'a <img src=x onerror="b">', '<p>a <img src="x"></p>'],
  ])('show of a comment %s', async (_what, body, expected) => {
    const page = await shown(body);
    if (typeof expected === 'string') expect(page).toBe(expected);
    else expect(page).toMatch(expected);
  });

  it('run nothing, whatever stands on them', async () => {
    const policy = (await open('/acme/app/pull/1')).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('script-src');
  });

  it('tell a merged pull request from a closed one, and lead to what CI says', async () => {
    await github.repository('shop');
    await github.pull('shop', 'one', { 'a.txt': 'new\n' });
    const other = await github.pull('shop', 'other', { 'b.txt': 'new\n' });
    await github.as('root', `POST /repos/acme/shop/statuses/${other.head.sha}`, {
      state: 'success',
      context: 'ci',
      target_url: 'http://ci.test/7',
    });
    await github.as('root', 'PUT /repos/acme/shop/pulls/1/merge');
    await github.as('root', 'PATCH /repos/acme/shop/pulls/2', { state: 'closed' });
    const merged = await (await open('/acme/shop/pull/1')).text();
    const closed = await (await open('/acme/shop/pull/2')).text();
    expect(merged).toMatch(/merged by <b>root<\/b>/);
    expect(merged).not.toContain('value="reopen"');
    expect(closed).toContain('closed without a merge');
    expect(closed).toContain('value="reopen"');
    expect(closed).toContain('<a href="http://ci.test/7">ci</a>');
  });

  it('say what went wrong on a page, and in JSON to whoever is no browser', async () => {
    const missing = await open('/acme/none');
    expect([missing.status, missing.headers.get('content-type')]).toEqual([
      404,
      'text/html; charset=utf-8',
    ]);
    expect(await missing.text()).toContain('There is nothing here');
    const body = new URLSearchParams({ as: 'bob', does: 'merge' });
    const refused = await open('/acme/app/pull/1', { method: 'POST', body });
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('<h1>')]);
    const api = await open('/repos/acme/none');
    expect(await api.json()).toMatchObject({ message: 'Not Found' });
    expect((await github.call('bob', 'GET /acme/none')).body).toMatchObject({ status: '404' });
  });

  it('lead from an old name of a repository to the new one', async () => {
    await github.as('root', 'POST /orgs/acme/repos', { name: 'old' });
    await github.as('root', 'PATCH /repos/acme/old', { name: 'new' });
    const moved = await open('/acme/old/pull/1?tab=files');
    expect(moved.status).toBe(301);
    expect(moved.headers.get('location')).toBe(`${github.url}/acme/new/pull/1?tab=files`);
  });
});
