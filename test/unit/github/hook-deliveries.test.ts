import { describe, expect, it } from '@jest/globals';
import { aServer, gatewayTo } from './scripted-server.ts';

const at = (second: number) => `2026-03-01T10:00:0${second}Z`;
const delivery = (id: number, statusCode: number) => ({
  ...{ id, guid: `g${id}`, delivered_at: at(id % 10), status_code: statusCode, event: 'push' },
});
const SINCE = new Date(at(2));
const HOOK = { kind: 'repository', repo: 'acme/app', hookId: 7 } as const;

describe('the deliveries of a webhook', () => {
  it('are read page by page until the time that is asked for', async () => {
    const next = `<https://elsewhere.test/x?cursor=v1_3>; rel="next"`;
    await using server = await aServer(
      { json: [delivery(5, 200), delivery(4, 502)], headers: { link: next } },
      { json: [delivery(3, 0), delivery(1, 502)], headers: { link: next } },
    );
    const found = await gatewayTo(server).hookDeliveries(HOOK, SINCE);
    expect(found).toEqual([
      { id: '5', guid: 'g5', at: new Date(at(5)), ok: true },
      { id: '4', guid: 'g4', at: new Date(at(4)), ok: false },
      { id: '3', guid: 'g3', at: new Date(at(3)), ok: false },
    ]);
    expect(server.asked).toEqual(Array(2).fill('GET /repos/acme/app/hooks/7/deliveries'));
    expect(server.seen[1]?.url.searchParams.get('cursor')).toBe('v1_3');
  });

  it('keep ids that a number cannot hold: rounded, they would name another one (B-017)', async () => {
    const list = `[{"id":9007199254740993,"guid":"g","delivered_at":"${at(3)}","status_code":502}]`;
    const headers = { 'content-type': 'application/json' };
    await using server = await aServer({ text: list, headers });
    const found = await gatewayTo(server).hookDeliveries(HOOK, SINCE);
    expect(found).toMatchObject([{ id: '9007199254740993' }]);
  });

  it('are missing where the account may not see them', async () => {
    await using server = await aServer({ status: 404, json: { message: 'Not Found' } });
    expect(await gatewayTo(server).hookDeliveries(HOOK, SINCE)).toEqual({ kind: 'missing' });
  });

  it.each([
    [HOOK, '/repos/acme/app/hooks/7/deliveries/3/attempts'],
    [{ kind: 'organization', org: 'acme', hookId: 7 }, '/orgs/acme/hooks/7/deliveries/3/attempts'],
    [{ kind: 'app' }, '/app/hook/deliveries/3/attempts'],
  ] as const)('of %j come again when they are asked for', async (place, path) => {
    await using server = await aServer({ status: 202, json: {} });
    expect(await gatewayTo(server).redeliver(place, '3')).toEqual({ kind: 'done' });
    expect(server.asked).toEqual([`POST ${path}`]);
  });
});
