import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GitHub } from './support/github.ts';

const R = '/repos/acme/app';

describe('an issue', () => {
  let github: GitHub;
  beforeEach(async () => {
    github = await GitHub.start();
    await github.repository();
    await github.hook();
    await github.as('root', `POST ${R}/issues`, { title: 'Broken' });
    await github.as('root', `POST ${R}/milestones`, { title: '1.0' });
    await github.as('root', `POST ${R}/milestones`, { title: '2.0' });
  });
  afterEach(() => github[Symbol.asyncDispose]());

  const told = async (action: string) => {
    await github.idle();
    return github.webhooks.filter((one) => one.event === 'issues' && one.payload.action === action);
  };

  it('tells of the assignees that came and went by an edit', async () => {
    await github.as('root', `PATCH ${R}/issues/1`, { assignees: ['alice'] });
    await github.as('root', `PATCH ${R}/issues/1`, { assignees: ['alice', 'bob'] });
    await github.as('root', `PATCH ${R}/issues/1`, { assignees: ['bob'] });
    const logins = async (action: string) =>
      (await told(action)).map((one) => one.payload.assignee.login as string);
    expect(await logins('assigned')).toEqual(['alice', 'bob']);
    expect(await logins('unassigned')).toEqual(['alice']);
  });

  it('tells which milestone it left and which it joined', async () => {
    for (const milestone of [1, 2, 2, null])
      await github.as('root', `PATCH ${R}/issues/1`, { milestone });
    const titles = async (action: string) =>
      (await told(action)).map((one) => one.payload.milestone.title as string);
    expect(await titles('milestoned')).toEqual(['1.0', '2.0']);
    expect(await titles('demilestoned')).toEqual(['1.0', '2.0']);
    const none = await github.call('root', `PATCH ${R}/issues/1`, { body: { milestone: 9 } });
    expect(none.status).toBe(422);
  });

  it('is not made from a body of another type', async () => {
    const headers = { 'content-type': 'application/xml' };
    const more = { body: { title: 'Odd' }, headers };
    const refused = await github.call('root', `POST ${R}/issues`, more);
    expect(refused).toMatchObject({ status: 415, body: { message: 'Unsupported Media Type' } });
    expect(await github.as('root', `GET ${R}/issues?state=all`)).toHaveLength(1);
    const wants = { headers: { accept: 'application/xml' } };
    expect((await github.call('root', `GET ${R}/issues`, wants)).status).toBe(415);
  });
});
