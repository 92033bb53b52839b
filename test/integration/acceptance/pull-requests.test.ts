import { describe, expect, it } from '@jest/globals';
import { drawing } from '../../conftest/drawing.ts';
import { aStory } from '../../conftest/story.ts';
import {
  hearStatus,
  makeReady,
  readyPulls,
  running,
  splitOf,
  stagingReports,
  stagings,
  whileNothingIsStaged,
} from './acts.ts';

describe('a pull request and its commits', () => {
  it('check 03: one commit needs no method, two do, and back at one the method chosen is forgotten', async () => {
    await using story = await aStory();
    const app = story.repository();
    const before = (await app.head('master'))!;
    const pull = await app.pullRequest({ name: 'small', title: 'Small', adds: { one: '1\n' } });
    await makeReady(story, pull);
    expect(await running(story, [pull])).toEqual([0]);

    await pull.push([{ message: 'Second', files: { two: '2\n' } }]);
    await makeReady(story, pull);
    expect(await running(story, [pull])).toEqual([]);
    expect(await pull.said()).toEqual([
      expect.stringMatching(/left staging 1: .*updated by alice/),
      expect.stringContaining('How shall they land?'),
    ]);
    await pull.comment('merge');
    await story.settle();
    expect((await pull.info()).merge_method).toBe('merge');

    const commits = [{ message: 'Small', files: { one: '1\n' } }];
    await app.pushCommits({ by: 'alice', branch: 'small', from: 'master', commits });
    await story.settle();
    expect((await pull.info()).merge_method).toBeNull();
    await makeReady(story, pull);
    expect(await app.graph('staging.master', before)).toBe(drawing`
      * Small
      o Start master
    `);
    story.ignoreComments();
  });

  it('check 04: a push drops the approval, cancels the staging with its reason, and takes a batch out of its split', async () => {
    await using story = await aStory();
    const [first, second] = await whileNothingIsStaged(story, () => readyPulls(story, 2));
    await stagingReports(story, 'failure');
    expect(await running(story, [first!, second!])).toEqual([0]);
    const split = await splitOf(story, second!);
    expect(split).not.toBeNull();

    const more = [{ message: 'More', files: { more: 'y\n' } }];
    await second!.push(more);
    await story.settle();
    expect(await splitOf(story, second!)).toBeNull();
    const left = await story.bot.world.db.query<unknown[]>('select 1 from split');
    expect(left).toEqual([]);
    expect(await running(story, [first!])).toEqual([0]);

    await first!.push(more);
    await story.settle();
    const [cancelled] = await stagings(story);
    expect(cancelled).toMatchObject({
      state: 'cancelled',
      reason: `${first!.name} updated by alice`,
    });
    expect(await first!.info()).toMatchObject({ state: 'opened', approved_by: null });
    story.ignoreComments();
  });
});

describe('what CI says of a pull request', () => {
  it('check 24 (R9): a staged one leaves its staging when CI fails, when CI begins anew, and when it becomes a draft', async () => {
    await using story = await aStory();
    const [pull] = await readyPulls(story, 1);
    const sha = await pull!.head();
    const hear = async (state: string) => {
      story.clock.advance(1_000);
      await hearStatus(story, { sha, state, context: 'ci/test', at: story.clock.now() });
    };
    for (const word of ['failure', 'pending']) {
      expect(await running(story, [pull!])).toEqual([0]);
      await hear(word);
      expect(await running(story, [pull!])).toEqual([]);
      expect((await stagings(story))[0]).toMatchObject({ state: 'cancelled' });
      expect(await pull!.state()).toBe('approved');
      await hear('success');
    }
    const { node_id: id } = await pull!.github();
    await story.as('alice').post('/graphql', {
      query:
        'mutation d($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { clientMutationId } }',
      variables: { id },
    });
    await story.settle();
    expect(await running(story, [pull!])).toEqual([]);
    expect((await pull!.info()).draft).toBe(true);
    expect((await stagings(story))[0]).toMatchObject({
      reason: `${pull!.name} converted to draft by alice`,
    });
    story.ignoreComments();
  });

  it('check 25: a failure is told once, again under a new address, and two contexts are two failures', async () => {
    await using story = await aStory({
      statuses: [{ context: 'ci/test' }, { context: 'ci/lint' }],
    });
    const pull = await story.repository().pullRequest();
    const head = await pull.head();
    const fails = async (context: string, url: string) => {
      const body = { state: 'failure', context, target_url: url };
      await story.as('ci').post(`/repos/acme/app/statuses/${head}`, body);
      await story.settle();
      return pull.said();
    };
    await pull.comment('r+');
    await story.settle();
    expect(await fails('ci/test', 'http://ci.test/1')).toEqual([
      expect.stringMatching(/@alice @rita .*ci\/test.* failed on this approved/),
    ]);
    expect(await fails('ci/test', 'http://ci.test/1')).toEqual([]);
    expect(await fails('ci/lint', 'http://ci.test/1')).toEqual([
      expect.stringContaining('ci/lint'),
    ]);
    expect(await fails('ci/test', 'http://ci.test/2')).toHaveLength(1);
  });

  it('check 26: an optional context counts only once CI has spoken of it', async () => {
    await using story = await aStory({
      statuses: [{ context: 'ci/extra', prs: 'optional', stagings: false }],
    });
    const pull = await story.repository().pullRequest();
    await story.settle();
    expect(await pull.state()).toBe('validated');
    const sha = await pull.head();
    for (const [word, state] of [
      ['pending', 'opened'],
      ['failure', 'opened'],
      ['success', 'validated'],
    ] as const) {
      story.clock.advance(1_000);
      await hearStatus(story, {
        ...{ sha, state: word, context: 'ci/extra', at: story.clock.now() },
      });
      expect([word, await pull.state()]).toEqual([word, state]);
    }
  });

  it('check 27: an override counts for who has the right to it, in one command or several, and leaves what CI said', async () => {
    const statuses = ['ci/a', 'ci/b', 'ci/c'].map((context) => ({ context }));
    await using story = await aStory({
      repositories: ['app', 'web'],
      statuses,
      people: [
        { login: 'rita', email: 'rita@acme.test', review: ['acme/app'] },
        { login: 'bob', overrides: ['ci/a', 'ci/b', 'ci/c'] },
        { login: 'eve', overrides: ['ci/a'] },
      ],
    });
    const [app, web] = story.repositories;
    const pull = await app!.pullRequest();
    for (const context of ['ci/a', 'ci/b', 'ci/c']) await pull.fails(context);
    await pull.comment('override=ci/a', 'rita');
    await pull.comment('override=ci/a,ci/b', 'eve');
    await story.settle();
    expect(await pull.said()).toEqual([
      expect.stringMatching(/^@rita you may not/),
      expect.stringMatching(/^@eve you may not override `ci\/b`/),
    ]);
    expect(await pull.state()).toBe('opened');
    await pull.comment('override=ci/a,ci/b override=ci/c', 'bob');
    await story.settle();
    expect(await pull.state()).toBe('validated');
    const path = `/repos/acme/app/commits/${await pull.head()}/status`;
    expect((await story.as('root').get(path)).state).toBe('failure');

    const elsewhere = await web!.pullRequest();
    await elsewhere.comment('override=ci/a,ci/b,ci/c', 'bob');
    await story.settle();
    expect(await elsewhere.state()).toBe('validated');
  });
});
