import type { Call } from '../http/call.ts';
import { findRepository, fullName, isPull, userByLogin, userOf } from '../state/state.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import type { Issue, Repository } from '../state/types.ts';
import { badge, html, type Html } from './html.ts';
import type { Surroundings } from './markdown.ts';

/** What somebody said: the description, a comment or a review. */
interface Said {
  readonly id: number;
  readonly authorId: number;
  readonly at: string;
  readonly body: string;
  readonly note?: Html;
}

/** The description, then comments and reviews in the order they came, as their writers meant them. */
export async function conversation(
  call: Call,
  repository: Repository,
  issue: Issue,
): Promise<Html[]> {
  // only who opens such a page needs it: the program starts without
  const { renderMarkdown } = await import('./markdown.ts');
  const around = surroundingsOf(call, repository);
  return allSaid(call, issue).map(({ authorId, note, at, body }) => {
    const login = userOf(call.state, authorId).login;
    const text = body === '' ? null : renderMarkdown(body, around);
    return html`<article>
      <header><b>${login}</b> ${note ?? null} · ${at}</header>
      ${text && html`<section>${text}</section>`}
    </article>`;
  });
}

function allSaid(call: Call, issue: Issue): Said[] {
  const { authorId, createdAt, body } = issue;
  const comments = issue.commentIds.flatMap((id) => call.state.comments.get(id) ?? []);
  const reviews = (issue.pull?.reviewIds ?? []).flatMap((id) => call.state.reviews.get(id) ?? []);
  const later: Said[] = [
    ...comments.map((one) => ({ ...one, at: one.createdAt })),
    ...reviews.flatMap(({ submittedAt: at, ...one }) =>
      at === null ? [] : [{ ...one, at, note: badge(one.state) }],
    ),
  ];
  return [
    { id: 0, authorId, at: createdAt, body: body ?? '' },
    ...later.sort((a, b) => a.id - b.id),
  ];
}

/** Accounts and numbers that a text may name. Nothing is linked that a visitor without an account may not see. */
function surroundingsOf(call: Call, here: Repository): Surroundings {
  const { state } = call;
  const named = (name: string): Repository | undefined => {
    const [owner = '', repo = ''] = name.split('/');
    const found = findRepository(state, owner, repo)?.repository;
    const isSeen = found && includes(permissionOf(state, found, call.actor.user), 'read');
    return isSeen ? found : undefined;
  };
  return {
    isAccount: (login) => userByLogin(state, login) !== undefined,
    addressOf(name, number) {
      const repository = name === null ? here : named(name);
      const issue = repository?.issues.get(number);
      if (!repository || !issue) return null;
      return `/${fullName(state, repository)}/${isPull(issue) ? 'pull' : 'issues'}/${number}`;
    },
  };
}
