import type { GitHub } from './github.ts';
import { R, each } from './each.ts';

/** Repositories and who may. */
export async function repositories(github: GitHub): Promise<void> {
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

/** Branches and their rules. */
export async function branches(github: GitHub, sha: string): Promise<void> {
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

/** Refs, commits, trees, blobs and tags. */
export async function gitData(github: GitHub, sha: string): Promise<void> {
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

/** Commits and their comments. */
export async function commits(github: GitHub, sha: string): Promise<void> {
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
