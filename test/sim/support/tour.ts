import type { GitHub, Json } from './github.ts';

const R = '/repos/acme/app';

/** Calls every part of the REST interface at least once, with every webhook it can cause on. */
export async function tour(github: GitHub): Promise<void> {
  const sha = await github.repository();
  await github.hook();
  await accounts(github);
  await repositories(github);
  await branches(github, sha);
  await gitData(github, sha);
  const pull = await github.pull('app', 'topic', { 'a.txt': 'a\nB\nc\n', 'new/file.txt': '1\n' });
  await commits(github, sha);
  await pulls(github, pull);
  await issues(github);
  await checks(github, pull);
  await hooks(github);
  await apps(github);
  await landing(github, pull);
}

async function each(github: GitHub, who: string, requests: readonly string[]): Promise<void> {
  for (const one of requests) await github.as(who, one);
}

async function accounts(github: GitHub): Promise<void> {
  await github.as('root', 'PUT /orgs/acme/memberships/bob', { role: 'member' });
  await github.as('root', 'POST /orgs/acme/teams', { name: 'Core Team', maintainers: ['root'] });
  await github.as('root', 'PUT /orgs/acme/teams/core-team/memberships/bob', { role: 'member' });
  await github.as('root', 'PUT /orgs/acme/teams/core-team/repos/acme/app', { permission: 'push' });
  await each(github, 'root', [
    'GET /user',
    'GET /user/orgs',
    'GET /users/alice',
    'GET /rate_limit',
    'GET /orgs/acme',
    'GET /orgs/acme/members',
    'GET /orgs/acme/members/bob',
    'GET /orgs/acme/memberships/bob',
    'GET /orgs/acme/teams',
    'GET /orgs/acme/teams/core-team',
    'GET /orgs/acme/teams/core-team/members',
    'GET /orgs/acme/teams/core-team/memberships/bob',
    'GET /orgs/acme/teams/core-team/repos',
  ]);
}

async function repositories(github: GitHub): Promise<void> {
  await github.as('root', `PUT ${R}/collaborators/bob`, { permission: 'push' });
  await github.as('alice', `POST ${R}/forks`, {});
  await github.as('alice', 'POST /user/repos', { name: 'own', private: true });
  await github.as('alice', 'PATCH /repos/alice/own', { description: 'Mine', name: 'renamed' });
  await each(github, 'root', [
    `GET ${R}`,
    'GET /orgs/acme/repos',
    'GET /user/repos',
    'GET /users/alice/repos',
    `GET ${R}/forks`,
    `GET ${R}/collaborators`,
    `GET ${R}/collaborators/bob`,
    `GET ${R}/collaborators/bob/permission`,
    `GET ${R}/assignees`,
    `GET ${R}/teams`,
  ]);
}

async function branches(github: GitHub, sha: string): Promise<void> {
  await github.as('root', `PUT ${R}/branches/master/protection`, {
    required_status_checks: { strict: false, contexts: ['ci/test'] },
    enforce_admins: false,
    required_pull_request_reviews: null,
    restrictions: { users: ['bob'], teams: ['core-team'] },
  });
  const ruleset = await github.as('root', `POST ${R}/rulesets`, {
    name: 'no force',
    target: 'branch',
    enforcement: 'active',
    conditions: { ref_name: { include: ['refs/heads/keep*'], exclude: [] } },
    rules: [{ type: 'non_fast_forward' }, { type: 'deletion' }],
    bypass_actors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }],
  });
  await github.as('root', `PUT ${R}/rulesets/${ruleset.id}`, { name: 'no forcing' });
  await each(github, 'root', [
    `GET ${R}/branches`,
    `GET ${R}/branches/master`,
    `GET ${R}/branches/master/protection`,
    `GET ${R}/branches/master/protection/required_status_checks`,
    `GET ${R}/rulesets`,
    `GET ${R}/rulesets/${ruleset.id}`,
    `GET ${R}/rules/branches/keep-me`,
    `DELETE ${R}/branches/master/protection`,
    `DELETE ${R}/rulesets/${ruleset.id}`,
    `GET ${R}/commits/${sha}/branches-where-head`,
  ]);
}

async function gitData(github: GitHub, sha: string): Promise<void> {
  const blob = await github.as('root', `POST ${R}/git/blobs`, {
    content: 'hello',
    encoding: 'utf-8',
  });
  const tree = await github.as('root', `POST ${R}/git/trees`, {
    base_tree: sha,
    tree: [{ path: 'x/y.txt', mode: '100644', type: 'blob', sha: blob.sha }],
  });
  const commit = await github.as('root', `POST ${R}/git/commits`, {
    message: 'Made',
    tree: tree.sha,
    parents: [sha],
  });
  const tag = await github.as('root', `POST ${R}/git/tags`, {
    tag: 'v1',
    message: 'One',
    object: sha,
    type: 'commit',
  });
  await github.as('root', `POST ${R}/git/refs`, { ref: 'refs/tags/v1', sha: tag.sha });
  await github.as('root', `POST ${R}/git/refs`, { ref: 'refs/heads/made', sha });
  await github.as('root', `PATCH ${R}/git/refs/heads/made`, { sha: commit.sha });
  await github.as('root', `PUT ${R}/contents/docs/one.md`, {
    message: 'Add a page',
    content: Buffer.from('# One\n').toString('base64'),
    branch: 'made',
  });
  await github.as('root', `POST ${R}/merges`, { base: 'made', head: 'master' });
  await each(github, 'root', [
    `GET ${R}/git/blobs/${blob.sha}`,
    `GET ${R}/git/trees/${tree.sha}?recursive=1`,
    `GET ${R}/git/commits/${commit.sha}`,
    `GET ${R}/git/tags/${tag.sha}`,
    `GET ${R}/git/ref/heads/made`,
    `GET ${R}/git/matching-refs/heads/m`,
    `GET ${R}/tags`,
    `GET ${R}/contents/README.md`,
    `GET ${R}/contents/docs?ref=made`,
    `DELETE ${R}/git/refs/heads/made`,
  ]);
}

async function commits(github: GitHub, sha: string): Promise<void> {
  const comment = await github.as('root', `POST ${R}/commits/${sha}/comments`, { body: 'Nice' });
  await github.as('root', `PATCH ${R}/comments/${comment.id}`, { body: 'Very nice' });
  await github.as('root', `POST ${R}/comments/${comment.id}/reactions`, { content: 'heart' });
  await each(github, 'root', [
    `GET ${R}/commits`,
    `GET ${R}/commits?sha=topic&path=a.txt`,
    `GET ${R}/commits/topic`,
    `GET ${R}/compare/master...topic`,
    `GET ${R}/commits/topic/pulls`,
    `GET ${R}/comments`,
    `GET ${R}/comments/${comment.id}`,
    `GET ${R}/comments/${comment.id}/reactions`,
    `GET ${R}/commits/${sha}/comments`,
    `DELETE ${R}/comments/${comment.id}`,
  ]);
}

async function pulls(github: GitHub, pull: Json): Promise<void> {
  const P = `${R}/pulls/${pull.number}`;
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

async function issues(github: GitHub): Promise<void> {
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

async function checks(github: GitHub, pull: Json): Promise<void> {
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

async function hooks(github: GitHub): Promise<void> {
  const made = await github.as('root', 'POST /orgs/acme/hooks', {
    name: 'web',
    config: { url: `${github.hookUrl}org`, content_type: 'json' },
    events: ['push'],
  });
  const [hook] = await github.as('root', `GET ${R}/hooks`);
  await github.as('root', `PATCH ${R}/hooks/${hook.id}`, { active: true });
  await github.idle();
  const [delivery] = await github.as('root', `GET ${R}/hooks/${hook.id}/deliveries?per_page=5`);
  await each(github, 'root', [
    'GET /orgs/acme/hooks',
    `GET /orgs/acme/hooks/${made.id}`,
    `POST /orgs/acme/hooks/${made.id}/pings`,
    `GET ${R}/hooks/${hook.id}`,
    `POST ${R}/hooks/${hook.id}/pings`,
    `GET ${R}/hooks/${hook.id}/deliveries/${delivery.id}`,
    `POST ${R}/hooks/${hook.id}/deliveries/${delivery.id}/attempts`,
    `DELETE /orgs/acme/hooks/${made.id}`,
  ]);
}

async function apps(github: GitHub): Promise<void> {
  await github.control('POST', '/_sim/apps', { slug: 'helper', events: ['push'] });
  await github.as('root', 'GET /apps/helper');
}

async function landing(github: GitHub, pull: Json): Promise<void> {
  const P = `${R}/pulls/${pull.number}`;
  await github.as('root', `PATCH ${P}`, { state: 'closed' });
  await github.as('root', `PATCH ${P}`, { state: 'open' });
  await github.commit('app', { 'more.txt': '1\n' }, 'More');
  await github.git('app', 'push', '-q', github.remote('acme/app'), 'topic');
  await github.as('root', `PUT ${P}/merge`, { merge_method: 'squash' });
  await github.as('root', `GET ${P}/merge`);
  await github.as('root', `GET ${P}`);
  await github.git('app', 'push', '-q', github.remote('acme/app'), ':topic');
  await github.as('root', 'DELETE /repos/alice/app');
}
