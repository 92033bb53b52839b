import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GitHub, type Json } from './support/github.ts';

describe('GraphQL', () => {
  let github: GitHub;
  let pull: Json;
  beforeEach(async () => {
    github = await GitHub.start();
    await github.repository();
    pull = await github.pull('app', 'topic', { 'a.txt': 'x\n' });
  });
  afterEach(() => github[Symbol.asyncDispose]());

  const ask = async (query: string, variables?: Record<string, unknown>) => {
    const answer = await github.query('root', query, variables);
    expect(answer.errors).toBeUndefined();
    return answer.data;
  };

  it('refuses what the published schema does not know, in the words of GitHub', async () => {
    const { errors, data } = await github.query('root', '{ viewer { nonsense } }');
    expect(data).toBeUndefined();
    expect(errors[0]).toMatchObject({
      message: "Field 'nonsense' doesn't exist on type 'User'",
      extensions: { code: 'undefinedField' },
    });
  });

  it('names a field it does not support instead of answering null', async () => {
    const { errors } = await github.query(
      'root',
      '{ repository(owner: "acme", name: "app") { stargazerCount } }',
    );
    expect(errors[0].message).toBe(
      "The simulator does not support the field 'stargazerCount' of 'Repository'.",
    );
  });

  it('names an argument it does not look at instead of answering another question', async () => {
    const ask = async (reviews: string) =>
      github.query(
        'root',
        `{ repository(owner: "acme", name: "app") { pullRequest(number: 1) { reviews(first: 1, ${reviews}) { totalCount } } } }`,
      );
    expect((await ask('states: [APPROVED]')).errors).toBeUndefined();
    expect((await ask('author: "alice"')).errors[0].message).toBe(
      "The simulator does not support the argument 'author' of 'PullRequest.reviews'.",
    );
  });

  it('involves people, labels and milestones by mutations, and tells of each', async () => {
    await github.hook();
    await github.as('root', 'PUT /repos/acme/app/collaborators/bob', { permission: 'push' });
    const label = await github.as('root', 'POST /repos/acme/app/labels', { name: 'bug' });
    const milestone = await github.as('root', 'POST /repos/acme/app/milestones', { title: '1.0' });
    const bob = await github.as('root', 'GET /users/bob');
    const id = pull.node_id as string;
    await ask(
      `mutation($id: ID!, $bob: ID!, $label: ID!, $milestone: ID!) {
        updatePullRequest(input: { pullRequestId: $id, assigneeIds: [$bob], labelIds: [$label], milestoneId: $milestone }) { clientMutationId }
        requestReviews(input: { pullRequestId: $id, userIds: [$bob] }) { clientMutationId }
        removeAssigneesFromAssignable(input: { assignableId: $id, assigneeIds: [$bob] }) { clientMutationId }
        clearLabelsFromLabelable(input: { labelableId: $id }) { clientMutationId }
        lockLockable(input: { lockableId: $id }) { clientMutationId }
      }`,
      { id, bob: bob.node_id, label: label.node_id, milestone: milestone.node_id },
    );
    await github.idle();
    const told = github.webhooks.filter((one) => one.event === 'pull_request');
    expect(told.map((one) => one.payload.action as string)).toEqual([
      'labeled',
      'assigned',
      'milestoned',
      'review_requested',
      'unassigned',
      'unlabeled',
      'locked',
    ]);
  });

  it('tells a missing thing from a hidden one to nobody', async () => {
    await github.as('alice', 'POST /user/repos', { name: 'hidden', private: true });
    for (const name of ['hidden', 'absent']) {
      const { errors } = await github.query(
        'bob',
        `{ repository(owner: "alice", name: "${name}") { id } }`,
      );
      expect(errors[0].type).toBe('NOT_FOUND');
    }
  });

  it('pages through connections', async () => {
    for (const body of ['1', '2', '3'])
      await github.as('bob', 'POST /repos/acme/app/issues/1/comments', { body });
    const query =
      'query($after: String) { repository(owner: "acme", name: "app") { pullRequest(number: 1) { comments(first: 2, after: $after) { nodes { body } pageInfo { hasNextPage endCursor } } } } }';
    const first = (await ask(query)).repository.pullRequest.comments;
    const second = (await ask(query, { after: first.pageInfo.endCursor })).repository.pullRequest
      .comments;
    expect([...first.nodes, ...second.nodes].map((one: Json) => one.body as string)).toEqual([
      '1',
      '2',
      '3',
    ]);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  });

  it('takes a pull request from draft to merged', async () => {
    const id = pull.node_id as string;
    const change = (name: string, more = '') =>
      ask(
        `mutation($id: ID!) { ${name}(input: { pullRequestId: $id${more} }) { pullRequest { state isDraft } } }`,
        { id },
      );
    expect(
      (await change('convertPullRequestToDraft')).convertPullRequestToDraft.pullRequest.isDraft,
    ).toBe(true);
    const early = await github.query(
      'root',
      'mutation($id: ID!) { mergePullRequest(input: { pullRequestId: $id }) { clientMutationId } }',
      { id },
    );
    expect(early.errors[0].message).toContain('draft');
    await change('markPullRequestReadyForReview');
    await change('closePullRequest');
    await change('reopenPullRequest');
    await change('updatePullRequest', ', title: "Renamed"');
    expect(
      (await change('mergePullRequest', ', mergeMethod: SQUASH')).mergePullRequest.pullRequest
        .state,
    ).toBe('MERGED');
  });

  it('sums statuses and check runs up', async () => {
    const { sha } = pull.head;
    await github.as('root', `POST /repos/acme/app/statuses/${sha}`, {
      state: 'success',
      context: 'ci',
    });
    await github.as('root', 'POST /repos/acme/app/check-runs', {
      name: 'lint',
      head_sha: sha,
      conclusion: 'failure',
    });
    const query =
      '{ repository(owner: "acme", name: "app") { pullRequest(number: 1) { statusCheckRollup { state contexts(first: 5) { totalCount } } } } }';
    expect((await ask(query)).repository.pullRequest.statusCheckRollup).toEqual({
      state: 'FAILURE',
      contexts: { totalCount: 2 },
    });
  });

  it('commits to a branch it was told the head of', async () => {
    const mutation =
      'mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid message } } }';
    const input = {
      branch: { repositoryNameWithOwner: 'acme/app', branchName: 'topic' },
      expectedHeadOid: pull.head.sha,
      message: { headline: 'By API' },
      fileChanges: { additions: [{ path: 'new.txt', contents: 'MQ==' }] },
    };
    expect((await ask(mutation, { input })).createCommitOnBranch.commit.message).toBe('By API');
    const late = await github.query('root', mutation, { input });
    expect(late.errors[0].type).toBe('STALE_DATA');
  });

  it('enables auto-merge that waits for the required status', async () => {
    await github.as('root', 'PUT /repos/acme/app/branches/master/protection', {
      required_status_checks: { strict: false, contexts: ['ci'] },
      enforce_admins: true,
      required_pull_request_reviews: null,
      restrictions: null,
    });
    await ask(
      'mutation($id: ID!) { enablePullRequestAutoMerge(input: { pullRequestId: $id }) { pullRequest { number } } }',
      { id: pull.node_id },
    );
    await github.as('root', `POST /repos/acme/app/statuses/${pull.head.sha}`, {
      state: 'success',
      context: 'ci',
    });
    expect((await github.as('root', 'GET /repos/acme/app/pulls/1')).merged).toBe(true);
  });

  it('finds pull requests by search', async () => {
    const query =
      'query($q: String!) { search(query: $q, type: ISSUE, first: 5) { issueCount nodes { ... on PullRequest { number } } } }';
    expect((await ask(query, { q: 'repo:acme/app is:pr is:open head:topic' })).search).toEqual({
      issueCount: 1,
      nodes: [{ number: 1 }],
    });
    expect((await ask(query, { q: 'repo:acme/app is:merged' })).search.issueCount).toBe(0);
  });
});
