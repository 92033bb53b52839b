import { pullFigures, pullRelation } from '../acts/figures.ts';
import { addComment, setIssueState } from '../acts/issues.ts';
import { mergePull } from '../acts/merge.ts';
import { closePull, reopenPull } from '../acts/pull-state.ts';
import { createReview } from '../acts/reviews.ts';
import { forbidden, notFound, Refused } from '../errors.ts';
import { filePatches } from '../git/patch.ts';
import { numberParam, param, repositoryOf, text, type Call, type Reply } from '../http/call.ts';
import { latestStatuses } from '../json/checks.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import { fullName, isPull, userOf, type PullIssue } from '../state/state.ts';
import type { Issue, Repository, User } from '../state/types.ts';
import { badge, html, page, type Html } from './html.ts';
import { actingUser, rememberHim, whoActs } from './people.ts';

interface Place {
  readonly repository: Repository;
  readonly issue: Issue;
}

function placeOf(call: Call): Place {
  const repository = repositoryOf(call);
  const issue = repository.issues.get(numberParam(call, 'number'));
  if (!issue) throw notFound();
  return { repository, issue };
}

function said(call: Call, what: { authorId: number; at: string; body: string; note?: Html }): Html {
  const login = userOf(call.state, what.authorId).login;
  return html`<article>
    <header><b>${login}</b> ${what.note ?? null} · ${what.at}</header>
    <div>${what.body}</div>
  </article>`;
}

/** Comments and reviews in the order they came. */
function conversation(call: Call, issue: Issue): Html[] {
  const comments = issue.commentIds.flatMap((id) => call.state.comments.get(id) ?? []);
  const reviews = (issue.pull?.reviewIds ?? []).flatMap((id) => call.state.reviews.get(id) ?? []);
  const all = [
    ...comments.map((one) => ({ id: one.id, html: said(call, { ...one, at: one.createdAt }) })),
    ...reviews
      .filter((one) => one.submittedAt !== null)
      .map((one) => ({
        id: one.id,
        html: said(call, { ...one, at: one.submittedAt ?? '', note: badge(one.state) }),
      })),
  ];
  return all.sort((a, b) => a.id - b.id).map((one) => one.html);
}

/** A pull request or issue with its conversation and what one can do. */
export async function issuePage(call: Call): Promise<Reply> {
  const { repository, issue } = placeOf(call);
  const name = fullName(call.state, repository);
  const state = isPull(issue) && issue.pull.merged ? 'merged' : issue.state;
  const labels = issue.labels
    .flatMap((id) => repository.labels.get(id) ?? [])
    .map((one) => html` <span class="badge">${one.name}</span>`);
  return page(
    `${issue.title} · ${name}#${issue.number}`,
    html`<h1><a href="/${name}">${name}</a> #${issue.number}: ${issue.title}</h1>
      <p>
        ${badge(state)}${labels}
        ${isPull(issue) ? await summary(call, { repository, issue }) : null}
      </p>
      ${said(call, { authorId: issue.authorId, at: issue.createdAt, body: issue.body ?? '' })}
      ${conversation(call, issue)}
      <form method="post" action="/${name}/${isPull(issue) ? 'pull' : 'issues'}/${issue.number}">
        ${whoActs(call)} <textarea name="body" placeholder="Comment"></textarea>${buttons(issue)}
      </form>
      ${isPull(issue) ? await changes(call, { repository, issue }) : null}`,
  );
}

function buttons(issue: Issue): Html[] {
  const button = (does: string, label: string): Html =>
    html`<button name="does" value="${does}">${label}</button>`;
  const open = issue.state === 'open';
  return [
    button('comment', 'Comment'),
    ...(isPull(issue) && open
      ? [
          button('approve', 'Approve'),
          button('refuse', 'Request changes'),
          button('merge', 'Merge'),
        ]
      : []),
    button(open ? 'close' : 'reopen', open ? 'Close' : 'Reopen'),
  ];
}

interface PullPlace {
  readonly repository: Repository;
  readonly issue: PullIssue;
}

async function summary(call: Call, { repository, issue }: PullPlace): Promise<Html> {
  const { pull } = issue;
  const figures = await pullFigures(call.sim, repository, issue, 'awaited');
  const word = figures.mergeable === null ? '' : figures.mergeable ? ', mergeable' : ', conflicts';
  const head = `${userOf(call.state, pull.headOwnerId).login}:${pull.headRef}`;
  return html`${pull.draft ? badge('draft') : null} <code>${head}</code> →
    <code>${pull.baseRef}</code>, ${figures.commits}
    ${figures.commits === 1 ? 'commit' : 'commits'}, +${figures.additions}
    −${figures.deletions}${word}`;
}

async function changes(call: Call, { repository, issue }: PullPlace): Promise<Html> {
  const store = call.sim.store(repository.networkId);
  const { ahead, mergeBase } = await pullRelation(call.sim, repository, issue);
  const commits = await Promise.all(ahead.slice(0, 250).map((one) => store.commit(one)));
  const statuses = latestStatuses(repository, issue.pull.headSha).map(
    (one) =>
      html`<tr>
        <td>${badge(one.state)}</td>
        <td>${one.context}</td>
        <td>${one.description ?? ''}</td>
      </tr>`,
  );
  const runs = (repository.checkRunsBySha.get(issue.pull.headSha) ?? [])
    .flatMap((id) => repository.checkRuns.get(id) ?? [])
    .map(
      (one) =>
        html`<tr>
          <td>${badge(one.conclusion ?? 'pending')}</td>
          <td>${one.name}</td>
          <td>check run</td>
        </tr>`,
    );
  const patches = await filePatches(store, mergeBase, issue.pull.headSha);
  const files = [...patches].map(
    ([path, patch]) =>
      html`<h3><code>${path}</code></h3>
        <pre>${patch}</pre>`,
  );
  const rows = commits.flatMap((one) =>
    one
      ? [
          html`<tr>
            <td><code>${one.sha.slice(0, 10)}</code></td>
            <td>${one.message.split('\n')[0] ?? ''}</td>
            <td>${one.author.name}</td>
          </tr>`,
        ]
      : [],
  );
  return html`<h2>Statuses</h2>
    <table>
      ${statuses}${runs}
    </table>
    <h2>Commits</h2>
    <table>
      ${rows}
    </table>
    <h2>Changes</h2>
    ${files}`;
}

/** What the buttons of the page do. */
export async function act(call: Call): Promise<Reply> {
  const place = placeOf(call);
  const by = actingUser(call);
  const does = text(call, 'does') ?? 'comment';
  const deed = DEEDS[does];
  if (!deed) throw new Refused(422, `No such deed: ${does}`);
  const body = (text(call, 'body') ?? '').replaceAll('\r\n', '\n');
  await deed(call, place, { by, body });
  const kind = isPull(place.issue) ? 'pull' : 'issues';
  const location = `/${fullName(call.state, place.repository)}/${kind}/${param(call, 'number')}`;
  return { status: 303, headers: { location, ...rememberHim(by) } };
}

type Deed = (call: Call, place: Place, what: { by: User; body: string }) => unknown;

function commentFirst(
  call: Call,
  { repository, issue }: Place,
  what: { by: User; body: string },
): void {
  if (what.body !== '') addComment(call.sim, repository, { issue, ...what });
}

function mayTriage(call: Call, { repository, issue }: Place, by: User): void {
  if (issue.authorId !== by.id && !includes(permissionOf(call.state, repository, by), 'triage'))
    throw forbidden();
}

function judge(event: 'APPROVE' | 'REQUEST_CHANGES'): Deed {
  return (call, { repository, issue }, what) =>
    isPull(issue) ? createReview(call.sim, repository, { issue, event, ...what }) : undefined;
}

const DEEDS: Readonly<Record<string, Deed>> = {
  comment: (call, { repository, issue }, what) =>
    addComment(call.sim, repository, { issue, ...what }),
  approve: judge('APPROVE'),
  refuse: judge('REQUEST_CHANGES'),
  merge: async (call, { repository, issue }, { by }) => {
    if (!includes(permissionOf(call.state, repository, by), 'write')) throw forbidden();
    if (!isPull(issue)) return;
    const wish = { issue, by, method: 'merge' as const };
    await call.sim.locked(repository.networkId, () => mergePull(call.sim, repository, wish));
  },
  close: async (call, place, what) => {
    mayTriage(call, place, what.by);
    commentFirst(call, place, what);
    const { repository, issue } = place;
    if (isPull(issue)) await closePull(call.sim, repository, { issue, by: what.by });
    else await setIssueState(call.sim, repository, { issue, state: 'closed', by: what.by });
  },
  reopen: async (call, place, what) => {
    mayTriage(call, place, what.by);
    commentFirst(call, place, what);
    const { repository, issue } = place;
    if (isPull(issue)) await reopenPull(call.sim, repository, { issue, by: what.by });
    else await setIssueState(call.sim, repository, { issue, state: 'open', by: what.by });
  },
};
