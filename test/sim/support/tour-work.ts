import type { GitHub, Json } from './github.ts';
import { R, each } from './each.ts';

/** Pull requests and their reviews. */
export async function pulls(github: GitHub, pull: Json): Promise<void> {
  const P = `${R}/pulls/${pull.number}`;
  await github.as('root', `POST ${R}/issues/${pull.number}/labels`, { labels: ['undescribed'] });
  await github.as('root', `PATCH ${P}`, { title: 'Change it', body: 'Because' });
  await github.as('root', `POST ${P}/requested_reviewers`, {
    reviewers: ['bob'],
    team_reviewers: ['core-team'],
  });
  await github.as('root', `DELETE ${P}/requested_reviewers`, { reviewers: ['bob'] });
  await github.as('root', `POST ${P}/requested_reviewers`, { reviewers: ['bob'] });
  const review = await github.as('bob', `POST ${P}/reviews`, {
    event: 'COMMENT',
    body: 'Hm',
    comments: [{ path: 'a.txt', line: 2, body: 'Why B?' }],
  });
  const comments = await github.as('root', `GET ${P}/comments`);
  const reply = await github.as('root', `POST ${P}/comments/${comments[0].id}/replies`, {
    body: 'Why not',
  });
  await github.as('root', `PATCH ${R}/pulls/comments/${reply.id}`, { body: 'Because' });
  await github.as('root', `POST ${R}/pulls/comments/${reply.id}/reactions`, { content: '+1' });
  const approval = await github.as('bob', `POST ${P}/reviews`, { event: 'APPROVE' });
  await github.as('root', `PUT ${P}/reviews/${approval.id}/dismissals`, { message: 'No' });
  const pending = await github.as('bob', `POST ${P}/reviews`, {});
  await github.as('bob', `POST ${P}/reviews/${pending.id}/events`, {
    event: 'APPROVE',
    body: 'Yes',
  });
  await each(github, 'root', [
    `GET ${R}/pulls?state=all&head=acme:topic`,
    `GET ${R}/commits/topic/pulls`,
    `GET ${P}`,
    `GET ${P}/commits`,
    `GET ${P}/files`,
    `GET ${P}/requested_reviewers`,
    `GET ${P}/reviews`,
    `GET ${P}/reviews/${review.id}`,
    `GET ${R}/pulls/comments`,
    `GET ${R}/pulls/comments/${reply.id}`,
    `DELETE ${R}/pulls/comments/${reply.id}`,
  ]);
}

/** Issues, labels, milestones and comments. */
export async function issues(github: GitHub): Promise<void> {
  const issue = await github.as('alice', `POST ${R}/issues`, { title: 'Broken', body: 'It is' });
  const I = `${R}/issues/${issue.number}`;
  await github.as('root', `POST ${R}/labels`, {
    name: 'bug',
    color: 'ff0000',
    description: 'Wrong',
  });
  await github.as('root', `PATCH ${R}/labels/bug`, { new_name: 'defect' });
  await github.as('root', `POST ${I}/labels`, { labels: ['defect', 'other'] });
  await github.as('root', `PUT ${I}/labels`, { labels: ['defect'] });
  await github.as('root', `POST ${R}/milestones`, { title: '1.0' });
  await github.as('root', `PATCH ${I}`, { milestone: 1, title: 'Very broken' });
  await github.as('root', `PATCH ${I}`, { milestone: null, assignees: ['alice'] });
  await github.as('root', `POST ${I}/assignees`, { assignees: ['bob'] });
  await github.as('root', `DELETE ${I}/assignees`, { assignees: ['bob'] });
  const comment = await github.as('bob', `POST ${I}/comments`, { body: 'Yes' });
  await github.as('bob', `PATCH ${R}/issues/comments/${comment.id}`, { body: 'No' });
  const reaction = await github.as('root', `POST ${R}/issues/comments/${comment.id}/reactions`, {
    content: 'eyes',
  });
  await github.as('root', `POST ${I}/reactions`, { content: '+1' });
  await github.as('root', `PUT ${I}/lock`, {});
  await each(github, 'root', [
    `GET ${R}/issues?state=all`,
    `GET ${I}`,
    `GET ${I}/comments`,
    `GET ${I}/labels`,
    `GET ${I}/reactions`,
    `GET ${R}/issues/comments`,
    `GET ${R}/issues/comments/${comment.id}`,
    `GET ${R}/issues/comments/${comment.id}/reactions`,
    `DELETE ${R}/issues/comments/${comment.id}/reactions/${reaction.id}`,
    `DELETE ${R}/issues/comments/${comment.id}`,
    `GET ${R}/labels`,
    `GET ${R}/labels/defect`,
    `DELETE ${I}/labels/defect`,
    `DELETE ${R}/labels/other`,
    `GET ${R}/milestones`,
    `GET ${R}/milestones/1`,
    `DELETE ${I}/lock`,
  ]);
  await github.as('root', `PATCH ${I}`, { state: 'closed', state_reason: 'not_planned' });
  await github.as('root', `PATCH ${I}`, { state: 'open' });
}

/** Statuses, check runs and deployments. */
export async function checks(github: GitHub, pull: Json): Promise<void> {
  const { sha } = pull.head;
  await github.as('root', `POST ${R}/statuses/${sha}`, {
    state: 'success',
    context: 'ci/test',
    target_url: 'http://ci.test/1',
    description: 'Good',
  });
  const run = await github.as('root', `POST ${R}/check-runs`, {
    name: 'lint',
    head_sha: sha,
    status: 'in_progress',
  });
  await github.as('root', `PATCH ${R}/check-runs/${run.id}`, {
    conclusion: 'success',
    output: { title: 'Fine', summary: 'All of it' },
  });
  await github.as('root', `POST ${R}/check-runs/${run.id}/rerequest`, {});
  const suite = run.check_suite.id as number;
  await github.as('root', `POST ${R}/check-suites/${suite}/rerequest`, {});
  const deployment = await github.as('root', `POST ${R}/deployments`, {
    ref: 'topic',
    environment: 'staging',
    required_contexts: [],
  });
  const D = `${R}/deployments/${deployment.id}`;
  await github.as('root', `POST ${D}/statuses`, { state: 'success', target_url: 'http://x.test' });
  await each(github, 'root', [
    `GET ${R}/commits/topic/statuses`,
    `GET ${R}/commits/${sha}/status`,
    `GET ${R}/commits/${sha}/check-runs`,
    `GET ${R}/commits/${sha}/check-suites`,
    `GET ${R}/check-runs/${run.id}`,
    `GET ${R}/check-suites/${suite}`,
    `GET ${R}/check-suites/${suite}/check-runs`,
    `GET ${R}/deployments`,
    `GET ${D}`,
    `GET ${D}/statuses`,
  ]);
}
