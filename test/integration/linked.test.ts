import { describe, expect, it } from '@jest/globals';
import { aStory } from '../conftest/story.ts';

describe('a linked pull request', () => {
  it('is told that another one failed, also when it was told of that one before (11.2 row 28)', async () => {
    await using story = await aStory({
      repositories: ['app', 'web'],
      people: [
        { login: 'rita', email: 'rita@acme.test', review: ['acme/app', 'acme/web'], admin: true },
      ],
    });
    const [app, web] = [story.repository('app'), story.repository('web')];
    const one = await app.pullRequest({ name: 'both', by: 'alice' });
    const other = await web.pullRequest({ name: 'both', by: 'alice' });
    for (const pull of [one, other]) await pull.passes();
    await one.comment('r+');
    await story.settle();
    await story.pass(600_000);
    expect(await one.said()).toEqual([
      expect.stringMatching(/^@alice @rita .*acme\/web#1 waits for a review/s),
    ]);

    await other.comment('r+');
    await story.settle();
    await app.branch('staging.master').passes();
    await web.branch('staging.master').fails();
    await story.settle();
    const [failure] = await other.said();
    expect(failure).toContain('`@stagecoach retry`'); // 11.2 row 39
    expect(await one.said()).toEqual([expect.stringMatching(/acme\/web#1 could not be merged/)]);
    await story.pass(7_200_000);
    expect([...(await one.said()), ...(await other.said())]).toEqual([]);
  });
});
