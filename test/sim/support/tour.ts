import type { GitHub, Json } from './github.ts';
import { R, each } from './each.ts';
import { repositories, branches, gitData, commits } from './tour-code.ts';
import { pulls, issues, checks } from './tour-work.ts';

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
  await each(github, 'root', ['GET /apps/helper', 'GET /user/installations']);
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
