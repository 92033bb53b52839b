import { z } from 'zod';
import type { BranchName, RepositoryName } from '../lib/ids.ts';
import type {
  Comment,
  Head,
  PullRequestState,
  PullRequestSummary,
  Review,
  StatusReport,
} from './facts.ts';
import { account, branchName, id, listOf, objectId, optionalText } from './read.ts';
import { optionalTime, repositoryName, text, time } from './read.ts';

/** The things that answers of the REST API and webhooks carry in the same form. */

const headShape = z
  .object({
    sha: objectId,
    ref: branchName,
    label: optionalText,
    repo: z.object({ full_name: repositoryName }).nullish(),
  })
  .transform(({ sha, ref, label, repo }) =>
    headOf({ sha, branch: ref, owner: ownerOf(label), repository: repo?.full_name ?? null }),
  );

/** Everything that holds a head's facts together: without its repository it has no label. */
export function headOf(facts: {
  readonly sha: Head['sha'];
  readonly branch: BranchName;
  readonly owner: string | null;
  readonly repository: RepositoryName | null;
}): Head {
  const { sha, branch, repository } = facts;
  const owner = facts.owner ?? repository?.split('/')[0] ?? null;
  return { sha, branch, label: owner === null ? null : `${owner}:${branch}`, repository };
}

/** GitHub gives a deleted fork's label as null, or without an owner. */
function ownerOf(label: string | null): string | null {
  const at = label?.indexOf(':') ?? -1;
  return label === null || at <= 0 ? null : label.slice(0, at);
}

/** The REST API and webhooks call an App's account `name[bot]`, GraphQL calls the same one `name`: one word for both. */
export function botLogin(login: string): string {
  return login.endsWith('[bot]') ? login : `${login}[bot]`;
}

/** A pull request as lists, answers and webhooks have it. */
export const pullRequestShape = z
  .object({
    id,
    number: id,
    title: text,
    body: optionalText,
    state: text,
    draft: z.boolean().nullish(),
    merged: z.boolean().nullish(),
    merged_at: z.string().nullish(),
    head: headShape,
    base: z.object({ ref: branchName, sha: objectId }),
    user: account,
    created_at: time,
    updated_at: time,
    labels: listOf(z.object({ name: text })),
    commits: z.int().nonnegative().nullish(),
  })
  .transform((pull): PullRequestSummary => ({
    id: pull.id,
    number: pull.number,
    title: pull.title,
    body: pull.body ?? '',
    state: stateOf(pull.state, pull.merged === true || typeof pull.merged_at === 'string'),
    draft: pull.draft ?? false,
    head: pull.head,
    base: { branch: pull.base.ref, sha: pull.base.sha },
    author: pull.user,
    createdAt: pull.created_at,
    updatedAt: pull.updated_at,
    labels: pull.labels.map(({ name }) => name),
    commitCount: pull.commits ?? null,
  }));

/** Whatever is neither merged nor open counts as closed, so that a new word is not taken for "go on". */
export function stateOf(word: string, merged: boolean): PullRequestState {
  if (merged) return 'merged';
  return word.toLowerCase() === 'open' ? 'open' : 'closed';
}

/** A comment in a conversation. */
export const commentShape = z
  .object({
    id,
    user: account,
    body: optionalText,
    created_at: time,
    performed_via_github_app: z.object({ id }).nullish(),
  })
  .transform(({ id, user, body, created_at, performed_via_github_app }): Comment => ({
    id,
    viaApp: performed_via_github_app?.id ?? null,
    author: user,
    body: body ?? '',
    createdAt: created_at,
  }));

/** A review; null for one that is not submitted yet. */
export const reviewShape = z
  .object({
    id,
    node_id: text,
    user: account,
    body: optionalText,
    state: text,
    commit_id: objectId.nullish(),
    submitted_at: optionalTime,
  })
  .transform((review): Review | null =>
    review.submitted_at === null
      ? null
      : {
          id: review.id,
          nodeId: review.node_id,
          author: review.user,
          body: review.body ?? '',
          state: review.state.toLowerCase(),
          sha: review.commit_id ?? null,
          createdAt: review.submitted_at,
        },
  );

/** A commit status; the webhook has the same fields beside its own. */
export const statusShape = z
  .object({
    context: text,
    state: text,
    description: optionalText,
    target_url: optionalText,
    updated_at: time,
  })
  .transform((status): StatusReport => ({
    kind: 'status',
    context: status.context,
    state: status.state.toLowerCase(),
    description: status.description,
    url: status.target_url,
    at: status.updated_at,
  }));

/** A check run with the commit it judges. `at` stays null for one that waits for a runner and has no time yet. */
export const checkRunShape = z
  .object({
    id,
    name: text,
    head_sha: objectId,
    status: text,
    conclusion: optionalText,
    started_at: optionalTime,
    completed_at: optionalTime,
    html_url: optionalText,
    details_url: optionalText,
    output: z.object({ title: optionalText }).nullish(),
  })
  .transform((run) => ({
    id: run.id,
    sha: run.head_sha,
    at: run.completed_at ?? run.started_at,
    report: {
      kind: 'check_run' as const,
      context: run.name,
      state: checkState(run.status, run.conclusion),
      description: run.output?.title ?? null,
      url: run.details_url ?? run.html_url,
    },
  }));

/** Only a completed run has a verdict (R10). */
function checkState(status: string, conclusion: string | null): string {
  return status.toLowerCase() === 'completed' && conclusion !== null
    ? conclusion.toLowerCase()
    : 'pending';
}
