import { searchIssues } from '../acts/search.ts';
import { invalid } from '../errors.ts';
import { isFor, pageOf, type Call, type Reply } from '../http/call.ts';
import { route } from '../http/router.ts';
import { issueJson } from '../json/issue.ts';
import type { Json } from '../json/user.ts';
import { includes, permissionOf } from '../state/permissions.ts';

/** GitHub shows the first thousand of what is found. */
const MOST = 1000;

function issues(call: Call): Reply {
  const query = (call.query.get('q') ?? '').trim();
  if (query === '') throw invalid({ resource: 'Search', field: 'q', code: 'missing' });
  const { actor, state } = call;
  const unknown = (key: string): Error =>
    invalid({
      resource: 'Search',
      field: 'q',
      code: 'invalid',
      message: `The simulator does not search by '${key}:'.`,
    });
  const sees = (one: Parameters<typeof isFor>[1]): boolean =>
    isFor(actor, one) && includes(permissionOf(state, one, actor.user), 'read');
  const found = searchIssues(query, { state, user: actor.user, sees, unknown });
  if (call.query.get('order') === 'asc') found.reverse();
  const shown = found.slice(0, MOST);
  const slice = (from: number, to: number): unknown[] =>
    shown
      .slice(from, to)
      .map(({ repository, issue }) => itemJson(issueJson(call, repository, issue)));
  return pageOf(call, { length: shown.length, slice }, (items) => ({
    total_count: found.length,
    incomplete_results: false,
    items, // before what follows: octokit takes the first field it does not know for the list
    search_type: 'lexical',
  }));
}

/** An issue as searches show it: without who closed it, and without a text that is not there. */
function itemJson({ closed_by: _, body, ...issue }: Json): Json {
  return { ...issue, ...(body === null ? {} : { body }), score: 1 };
}

export const searchRoutes = [
  route('GET', '/search/issues', 'search/issues-and-pull-requests', issues),
];
