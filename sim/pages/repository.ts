import { identityOf } from '../acts/merge.ts';
import { createPull } from '../acts/pulls.ts';
import { push } from '../acts/push.ts';
import { objections } from '../acts/protection.ts';
import { createIssue } from '../acts/issues.ts';
import { Refused } from '../errors.ts';
import { git } from '../git/process.ts';
import { needText, param, repositoryOf, text, type Call, type Reply } from '../http/call.ts';
import { changeTree } from '../git/change-tree.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import { branchHead, fullName, isPull, userOf } from '../state/state.ts';
import type { Issue, Repository, User } from '../state/types.ts';
import { badge, html, page, seeOther, type Html } from './html.ts';
import { actingUser, rememberHim, whoActs } from './people.ts';

/** All repositories. */
export function home(call: Call): Reply {
  const rows = [...call.state.repositories.values()].map((one) => {
    const name = fullName(call.state, one);
    return html`<tr>
      <td><a href="/${name}">${name}</a></td>
      <td>${one.openPulls.size} open pull requests</td>
    </tr>`;
  });
  const people = [...call.state.users.values()].map((one) => html`<code>${one.login}</code> `);
  const empty = html`<p>Nothing here yet. Make users with <code>POST /_sim/users</code>.</p>`;
  return page(
    'GitHub simulator',
    html`<h1>Repositories</h1>
      ${
        rows.length === 0
          ? empty
          : html`<table>
              ${rows}
            </table>`
      }
      <h2>Accounts</h2>
      <p>${people}</p>`,
  );
}

/** A line of an issue list. */
function issueRow(call: Call, name: string, issue: Issue): Html {
  const kind = isPull(issue) ? 'pull' : 'issues';
  const state = isPull(issue) && issue.pull.merged ? 'merged' : issue.state;
  const where = isPull(issue)
    ? html`<code>${issue.pull.headRef}</code> → <code>${issue.pull.baseRef}</code>`
    : null;
  return html`<tr>
    <td><a href="/${name}/${kind}/${issue.number}">#${issue.number} ${issue.title}</a></td>
    <td>${badge(state)}</td>
    <td>${where}</td>
    <td>${userOf(call.state, issue.authorId).login}</td>
  </tr>`;
}

const MOST_ROWS = 100;

/** A repository: branches, pull requests, issues, and forms to work by hand. */
export function repositoryPage(call: Call): Reply {
  const repository = repositoryOf(call);
  const name = fullName(call.state, repository);
  const branches = [...repository.refs]
    .filter(([ref]) => ref.startsWith('refs/heads/'))
    .slice(0, MOST_ROWS);
  const rows = branches.map(([ref, sha]) => {
    const branch = ref.slice('refs/heads/'.length);
    return html`<tr>
      <td><a href="/${name}/commits/${branch}">${branch}</a></td>
      <td><code>${sha.slice(0, 10)}</code></td>
    </tr>`;
  });
  const issues = [...repository.issues.values()].reverse().slice(0, MOST_ROWS);
  return page(
    name,
    html`<h1>${name}</h1>
      <p>Clone: <code>${call.sim.url}/${name}.git</code></p>
      <h2>Pull requests and issues</h2>
      <table>
        ${issues.map((one) => issueRow(call, name, one))}
      </table>
      <h2>Branches</h2>
      <table>
        ${rows}
      </table>
      ${forms(call, repository, name)}`,
  );
}

function forms(call: Call, repository: Repository, name: string): Html {
  const who = whoActs(call);
  return html`<h2>Edit a file</h2>
    <form method="post" action="/${name}/edit">
      ${who}
      <label>from <input name="branch" value="${repository.defaultBranch}" /></label>
      <label>to branch <input name="to" placeholder="the same" /></label>
      <label>file <input name="path" required /></label>
      <input name="message" placeholder="Commit message" required />
      <textarea name="content" placeholder="New content"></textarea><button>Push</button>
    </form>
    <h2>Open a pull request</h2>
    <form method="post" action="/${name}/pulls">
      ${who}
      <label>from <input name="head" placeholder="branch or owner:branch" required /></label>
      <label>into <input name="base" value="${repository.defaultBranch}" /></label>
      <input name="title" placeholder="Title" required /><textarea name="body"></textarea
      ><button>Open</button>
    </form>
    <h2>Open an issue</h2>
    <form method="post" action="/${name}/issues">
      ${who}<input name="title" placeholder="Title" required /><textarea name="body"></textarea
      ><button>Open</button>
    </form>`;
}

/** The history of a branch as a graph. */
export async function commitsPage(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const branch = param(call, 'branch');
  const head = branchHead(repository, branch);
  if (head === undefined) throw new Refused(404, 'No such branch');
  const args = [
    'log',
    '--graph',
    '-100',
    '--format=%h %ad %an: %s',
    '--date=format:%Y-%m-%d %H:%M',
    head,
  ];
  const { stdout } = await git(call.sim.store(repository.networkId).dir, args);
  const name = fullName(call.state, repository);
  return page(
    `${branch} of ${name}`,
    html`<h1><a href="/${name}">${name}</a>: ${branch}</h1>
      <pre>${stdout.toString()}</pre>`,
  );
}

function mustWrite(call: Call, repository: Repository, user: User): void {
  if (!includes(permissionOf(call.state, repository, user), 'write'))
    throw new Refused(403, `${user.login} may not push here.`);
}

/** A file edit pushed from the page, to the same branch or to a new one. */
export async function editFile(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const by = actingUser(call);
  mustWrite(call, repository, by);
  const branch = needText(call, 'branch');
  const wished = text(call, 'to') ?? '';
  const target = wished === '' ? branch : wished;
  const path = needText(call, 'path');
  await call.sim.locked(repository.networkId, async () => {
    const parent = branchHead(repository, target) ?? branchHead(repository, branch);
    const store = call.sim.store(repository.networkId);
    const base = parent === undefined ? null : ((await store.commit(parent))?.tree ?? null);
    const sha = store.write(
      'blob',
      Buffer.from((text(call, 'content') ?? '').replaceAll('\r\n', '\n')),
    );
    const tree = await changeTree(call, repository, {
      base,
      changes: [{ path, mode: '100644', sha }],
    });
    const who = identityOf(by);
    const to = store.writeCommit({
      tree,
      parents: parent === undefined ? [] : [parent],
      author: who,
      committer: who,
      message: needText(call, 'message'),
    });
    const from = branchHead(repository, target) ?? null;
    const [no] = objections(call.sim, repository, {
      branch: target,
      user: by,
      kind: from === null ? 'create' : 'update',
      forced: false,
      to,
      merges: false,
      viaMerge: false,
    });
    if (no) throw new Refused(409, no.text);
    await push(call.sim, repository, {
      updates: [{ ref: `refs/heads/${target}`, from, to, forced: false }],
      by,
    });
  });
  return {
    ...seeOther(`/${fullName(call.state, repository)}/commits/${target}`),
    headers: {
      location: `/${fullName(call.state, repository)}/commits/${target}`,
      ...rememberHim(by),
    },
  };
}

/** A pull request opened from the page. */
export async function openPull(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const by = actingUser(call);
  const wanted = {
    title: needText(call, 'title'),
    body: text(call, 'body') ?? null,
    head: needText(call, 'head'),
    base: needText(call, 'base'),
    draft: false,
    by,
  };
  const issue = await call.sim.locked(repository.networkId, () =>
    createPull(call.sim, repository, wanted),
  );
  return seeOther(`/${fullName(call.state, repository)}/pull/${issue.number}`);
}

/** An issue opened from the page. */
export async function openIssue(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const issue = await createIssue(call.sim, repository, {
    title: needText(call, 'title'),
    body: text(call, 'body') ?? null,
    by: actingUser(call),
  });
  return seeOther(`/${fullName(call.state, repository)}/issues/${issue.number}`);
}
