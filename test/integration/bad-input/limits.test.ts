import { describe, expect, it } from '@jest/globals';
import { aSite, bearer, OAUTH as oauth } from '../../conftest/web.ts';
import type { Answer, TestSite } from '../../conftest/web.ts';

/** Calls until the server has had enough. @returns how many were served, and the last answer. */
async function untilRefused(
  call: () => Promise<Answer>,
): Promise<{ served: number; last: Answer }> {
  for (let served = 0; ; served += 1) {
    const last = await call();
    if (last.status === 429) return { served, last };
    if (served > 700) throw new Error('was never refused');
  }
}

const guess = (site: TestSite, headers: Record<string, string> = {}) =>
  site.call('GET', '/api/crons', {
    headers: { authorization: `Bearer ${'x'.repeat(30)}`, ...headers },
  });

describe('a caller who asks too often', () => {
  it('is told when to come again, and is served then', async () => {
    await using site = await aSite({ auth: 'required' });
    const { served, last } = await untilRefused(() => guess(site));
    expect([served, last.json.message]).toEqual([10, 'too many requests: wait a moment']);
    const seconds = Number(last.headers.get('retry-after'));
    expect(seconds).toBe(12);
    site.clock.set('2026-05-04T08:00:12Z');
    expect((await guess(site)).status).toBe(401);
    expect((await guess(site)).status).toBe(429);
  });

  it('with wrong tokens does not keep anybody without a token from reading', async () => {
    await using site = await aSite();
    await untilRefused(() => guess(site));
    expect((await site.call('GET', '/api/crons')).status).toBe(200);
  });

  it('may not begin logins without end', async () => {
    await using site = await aSite({ oauth });
    const { served } = await untilRefused(() => site.call('GET', '/login'));
    expect(served).toBe(20);
    expect((await site.call('GET', '/login/callback?code=x&state=y')).status).toBe(429);
  });

  it('is counted by name when he changes things, so that one token does not stop another', async () => {
    await using site = await aSite({ auth: 'required' });
    const [headers, other] = [await bearer(site.db, 'one'), await bearer(site.db, 'two')];
    const change = (as: Record<string, string>) =>
      site.call('POST', '/api/crons/merge/trigger', { headers: as });
    const { served } = await untilRefused(() => change(headers));
    expect(served).toBe(60);
    expect((await change(other)).status).toBe(202);
  });

  it('is counted by the address the proxies tell, where there are proxies, and by no other', async () => {
    await using site = await aSite({ auth: 'required', proxies: 1 });
    const from = (address: string) => guess(site, { 'x-forwarded-for': address });
    await untilRefused(() => from('203.0.113.5'));
    expect((await from('203.0.113.6')).status).toBe(401);
    expect((await from('203.0.113.6, 203.0.113.5')).status).toBe(429); // the left part is the caller's own lie
    await using direct = await aSite({ auth: 'required' });
    const lie = (n: number) => guess(direct, { 'x-forwarded-for': `203.0.113.${n}` });
    for (let n = 0; n < 10; n += 1) expect((await lie(n)).status).toBe(401);
    expect((await lie(99)).status).toBe(429);
  });

  it('at the machine itself is not counted', async () => {
    await using site = await aSite();
    for (let n = 0; n < 70; n += 1)
      expect((await site.call('POST', '/api/crons/merge/trigger')).status).toBe(202);
  });
});
