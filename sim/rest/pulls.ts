import { pullFigures, mergeState, pullRelation } from '../acts/figures.ts';
import { mergePull, mergeBranch } from '../acts/merge.ts';
import { createPull, editPull } from '../acts/pulls.ts';
import { requestReviews } from '../acts/involve.ts';
import { invalid, notFound, Refused } from '../errors.ts';
import {
  caller,
  created,
  flag,
  needText,
  numberParam,
  ok,
  pageOf,
  paged,
  repositoryOf,
  text,
  texts,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { commitJson } from '../json/commit.ts';
import { fullPullJson, pullJson } from '../json/pull.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import { branchHead, isPull, userByLogin, userOf, type PullIssue } from '../state/state.ts';
import type { MergeMethod, Permission, Repository } from '../state/types.ts';
import { diffReply, filesOf } from './commits.ts';
import { storeOf } from './commitish.ts';

/** The pull request in the path, and its repository. */
export function pullOf(
  call: Call,
  needs: Permission = 'read',
): { repository: Repository; issue: PullIssue } {
  const repository = repositoryOf(call, needs);
  const issue = repository.issues.get(numberParam(call, 'pull_number'));
  if (!isPull(issue)) throw notFound();
  return { repository, issue };
}

async function full(call: Call, repository: Repository, issue: PullIssue) {
  const figures = await pullFigures(call.sim, repository, issue, 'asked');
  return fullPullJson(call, repository, {
    issue,
    figures,
    mergeState: mergeState(call.sim, repository, { issue, figures }),
  });
}

async function create(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const by = caller(call);
  const wanted = {
    title: needText(call, 'title', 'PullRequest'),
    body: text(call, 'body') ?? null,
    head: needText(call, 'head', 'PullRequest'),
    base: needText(call, 'base', 'PullRequest'),
    headRepository: text(call, 'head_repo'),
    draft: flag(call, 'draft') ?? false,
    maintainerCanModify: flag(call, 'maintainer_can_modify'),
    by,
  };
  const issue = await call.sim.locked(repository.networkId, () =>
    createPull(call.sim, repository, wanted),
  );
  return created(await full(call, repository, issue));
}

function list(call: Call): Reply {
  const repository = repositoryOf(call);
  const state = call.query.get('state') ?? 'open';
  const head = call.query.get('head');
  const base = call.query.get('base');
  const numbers = state === 'open' ? [...repository.openPulls] : [...repository.issues.keys()];
  const pulls = numbers.flatMap((number) => {
    const issue = repository.issues.get(number);
    if (!isPull(issue) || (state !== 'all' && issue.state !== state)) return [];
    if (base !== null && issue.pull.baseRef !== base) return [];
    if (
      head !== null &&
      head.includes(':') &&
      `${userOf(call.state, issue.pull.headOwnerId).login}:${issue.pull.headRef}`.toLowerCase() !==
        head.toLowerCase()
    )
      return [];
    return [issue];
  });
  const sort = call.query.get('sort') ?? 'created';
  const key = (one: PullIssue): number =>
    sort === 'updated'
      ? Date.parse(one.updatedAt)
      : sort === 'popularity'
        ? one.commentIds.length
        : one.number;
  const up =
    (call.query.get('direction') ??
      (sort === 'created' && !call.query.has('sort') ? 'desc' : 'asc')) === 'asc';
  pulls.sort((a, b) => (up ? key(a) - key(b) : key(b) - key(a)) || b.number - a.number);
  return pageOf(call, {
    length: pulls.length,
    slice: (from, to) => pulls.slice(from, to).map((one) => pullJson(call, repository, one)),
  });
}

async function get(call: Call): Promise<Reply> {
  const { repository, issue } = pullOf(call);
  if (/\.(diff|patch)\b/.test(call.headers.accept ?? '')) {
    const { mergeBase } = await pullRelation(call.sim, repository, issue);
    return diffReply(call, repository, [mergeBase, issue.pull.headSha]);
  }
  return ok(await full(call, repository, issue));
}

async function edit(call: Call): Promise<Reply> {
  const { repository, issue } = pullOf(call);
  const by = caller(call);
  if (by.id !== issue.authorId && !includes(permissionOf(call.state, repository, by), 'write'))
    throw new Refused(403, 'Must have write access to the repository.');
  const state = text(call, 'state');
  if (state !== undefined && state !== 'open' && state !== 'closed')
    throw invalid({ resource: 'PullRequest', field: 'state', code: 'invalid' });
  await call.sim.locked(repository.networkId, () =>
    editPull(call.sim, repository, {
      issue,
      by,
      title: text(call, 'title'),
      body: 'body' in call.body ? (text(call, 'body') ?? null) : undefined,
      base: text(call, 'base'),
      state,
      maintainerCanModify: flag(call, 'maintainer_can_modify'),
    }),
  );
  return ok(await full(call, repository, issue));
}

/** GitHub lists no more commits of one pull request. */
const MOST_COMMITS = 250;

async function commits(call: Call): Promise<Reply> {
  const { repository, issue } = pullOf(call);
  const store = storeOf(call, repository);
  const { ahead } = await pullRelation(call.sim, repository, issue);
  const found = await Promise.all(ahead.slice(0, MOST_COMMITS).map((one) => store.commit(one)));
  return paged(
    call,
    found.flatMap((one) => (one ? [commitJson(call, repository, one)] : [])),
  );
}

async function files(call: Call): Promise<Reply> {
  const { repository, issue } = pullOf(call);
  const { mergeBase } = await pullRelation(call.sim, repository, issue);
  return paged(
    call,
    (await filesOf(call, repository, { before: mergeBase, after: issue.pull.headSha })).slice(
      0,
      3000,
    ),
  );
}

async function merge(call: Call): Promise<Reply> {
  const { repository, issue } = pullOf(call, 'write');
  const by = caller(call);
  const method = text(call, 'merge_method') ?? 'merge';
  if (!['merge', 'squash', 'rebase'].includes(method))
    throw invalid({ resource: 'PullRequest', field: 'merge_method', code: 'invalid' });
  const sha = await call.sim.locked(repository.networkId, () =>
    mergePull(call.sim, repository, {
      issue,
      by,
      method: method as MergeMethod,
      title: text(call, 'commit_title'),
      message: text(call, 'commit_message'),
      sha: text(call, 'sha'),
    }),
  );
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

async function updateBranch(call: Call): Promise<Reply> {
  const { repository, issue } = pullOf(call);
  const by = caller(call);
  const source = call.state.repositories.get(issue.pull.headRepositoryId ?? 0);
  const base = branchHead(repository, issue.pull.baseRef);
  if (!source || base === undefined) throw notFound();
  const seen = text(call, 'expected_head_sha');
  if (seen !== undefined && seen !== issue.pull.headSha)
    throw new Refused(422, 'expected head sha didn’t match current head ref.');
  const made = await call.sim.locked(repository.networkId, () =>
    mergeBranch(call.sim, source, {
      base: issue.pull.headRef,
      head: base,
      headName: issue.pull.baseRef,
      message: `Merge branch '${issue.pull.baseRef}' into ${issue.pull.headRef}`,
      by,
    }),
  );
  if (made === null) throw new Refused(422, 'There are no new commits on the base branch.');
  return {
    status: 202,
    body: {
      message: 'Updating pull request branch.',
      url: `${call.sim.url}/repos/${call.path.split('/').slice(2, 4).join('/')}/pulls/${issue.number}`,
    },
  };
}

async function requestReviewers(call: Call): Promise<Reply> {
  const { repository, issue } = pullOf(call);
  const adds = call.method === 'POST';
  const users = (texts(call.body['reviewers']) ?? []).map((login) => {
    const user = userByLogin(call.state, login);
    if (!user) throw new Refused(422, 'Reviews may only be requested from collaborators.');
    return user;
  });
  const teams = (texts(call.body['team_reviewers']) ?? []).map((slug) => {
    const of = [...call.state.teams.values()].filter((one) => one.slug === slug);
    const team = of.find((one) => one.organizationId === repository.ownerId);
    if (!team) throw new Refused(422, 'Could not resolve to a node with the global id of a team.');
    return team;
  });
  await requestReviews(call.sim, repository, { issue, users, teams, adds, by: caller(call) });
  const body = pullJson(call, repository, issue);
  return adds ? created(body) : ok(body);
}

function requestedReviewers(call: Call): Reply {
  const { repository, issue } = pullOf(call);
  const json = pullJson(call, repository, issue);
  return ok({ users: json['requested_reviewers'], teams: json['requested_teams'] });
}

function isMerged(call: Call): Reply {
  if (!pullOf(call).issue.pull.merged) throw notFound();
  return { status: 204 };
}

const AT = '/repos/{owner}/{repo}/pulls';

export const pullRoutes = [
  route('GET', AT, 'pulls/list', list),
  route('POST', AT, 'pulls/create', create),
  route('GET', `${AT}/{pull_number}`, 'pulls/get', get),
  route('PATCH', `${AT}/{pull_number}`, 'pulls/update', edit),
  route('GET', `${AT}/{pull_number}/commits`, 'pulls/list-commits', commits),
  route('GET', `${AT}/{pull_number}/files`, 'pulls/list-files', files),
  route('GET', `${AT}/{pull_number}/merge`, 'pulls/check-if-merged', isMerged),
  route('PUT', `${AT}/{pull_number}/merge`, 'pulls/merge', merge),
  route('PUT', `${AT}/{pull_number}/update-branch`, 'pulls/update-branch', updateBranch),
  route(
    'GET',
    `${AT}/{pull_number}/requested_reviewers`,
    'pulls/list-requested-reviewers',
    requestedReviewers,
  ),
  route(
    'POST',
    `${AT}/{pull_number}/requested_reviewers`,
    'pulls/request-reviewers',
    requestReviewers,
  ),
  route(
    'DELETE',
    `${AT}/{pull_number}/requested_reviewers`,
    'pulls/remove-requested-reviewers',
    requestReviewers,
  ),
];
