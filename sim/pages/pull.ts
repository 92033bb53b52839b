import { pullFigures } from '../acts/figures.ts';
import { addComment, setIssueState } from '../acts/issues.ts';
import { mergePull } from '../acts/merge.ts';
import { closePull, reopenPull } from '../acts/pull-state.ts';
import { createReview } from '../acts/reviews.ts';
import { forbidden, notFound, Refused } from '../errors.ts';
import { numberParam, param, repositoryOf, text, type Call, type Reply } from '../http/call.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import { fullName, isPull, userOf, type PullIssue } from '../state/state.ts';
import type { Issue, Repository, User } from '../state/types.ts';
import { changesOf } from './changes.ts';
import { conversation } from './conversation.ts';
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
      ${await conversation(call, repository, issue)}
      <form method="post" action="/${name}/${isPull(issue) ? 'pull' : 'issues'}/${issue.number}">
        ${whoActs(call)} <textarea name="body" placeholder="Comment"></textarea>${buttons(issue)}
      </form>
      ${isPull(issue) ? await changesOf(call, repository, issue) : null}`,
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
    ...(issue.pull?.merged ? [] : [button(open ? 'close' : 'reopen', open ? 'Close' : 'Reopen')]),
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
    −${figures.deletions}${word}${outcome(call, issue)}`;
}

/** Who ended a pull request, when, and where its commits are: a merged one is not only closed. */
function outcome(call: Call, { pull, state, closedAt }: PullIssue): Html | null {
  if (state === 'open') return null;
  if (!pull.merged) return html`; closed without a merge, ${closedAt}`;
  const by = pull.mergedById === null ? 'nobody' : userOf(call.state, pull.mergedById).login;
  const sha = pull.mergeCommitSha?.slice(0, 10) ?? null;
  return html`; merged by <b>${by}</b>, ${pull.mergedAt}${sha && html`, as <code>${sha}</code>`}`;
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
