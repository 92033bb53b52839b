import type { Commit } from '../git/commit.ts';
import { nodeId, readNodeId, userNodeId } from '../json/user.ts';
import { isPull, userOf, type PullIssue } from '../state/state.ts';
import type {
  App,
  CheckRun,
  CheckSuite,
  Comment,
  Issue,
  Label,
  Milestone,
  Repository,
  Review,
  ReviewComment,
  Status,
  Team,
  User,
} from '../state/types.ts';
import { missing, sees, type Context, type Node } from './context.ts';

export interface UserNode extends Node {
  readonly user: User;
}
export interface RepositoryNode extends Node {
  readonly repository: Repository;
}
export interface IssueNode extends RepositoryNode {
  readonly issue: Issue;
}
export interface PullNode extends RepositoryNode {
  readonly issue: PullIssue;
}
export interface CommentNode extends RepositoryNode {
  readonly comment: Comment;
}
export interface ReviewNode extends RepositoryNode {
  readonly review: Review;
}
export interface ReviewCommentNode extends RepositoryNode {
  readonly comment: ReviewComment;
}
export interface ThreadNode extends RepositoryNode {
  readonly first: ReviewComment;
}
export interface CommitNode extends RepositoryNode {
  readonly commit: Commit;
}
export interface RefNode extends RepositoryNode {
  readonly ref: string;
}
export interface LabelNode extends RepositoryNode {
  readonly label: Label;
}
export interface StatusNode extends RepositoryNode {
  readonly status: Status;
}
export interface RunNode extends RepositoryNode {
  readonly run: CheckRun;
}
export interface SuiteNode extends RepositoryNode {
  readonly suite: CheckSuite;
}
export interface MilestoneNode extends RepositoryNode {
  readonly milestone: Milestone;
}
export interface AppNode extends Node {
  readonly app: App;
}
export interface TeamNode extends Node {
  readonly team: Team;
}
export interface RollupNode extends RepositoryNode {
  readonly sha: string;
}

export const userNode = (user: User): UserNode => ({ __typename: user.type, user });
export const userNodeOf = (context: Context, id: number): UserNode =>
  userNode(userOf(context.state, id));
/** Null for nobody and for deleted accounts, as GitHub has it. */
export const authorNode = (context: Context, id: number | null): UserNode | null => {
  const user = id === null ? undefined : context.state.users.get(id);
  return user ? userNode(user) : null;
};
export const repositoryNode = (repository: Repository): RepositoryNode => ({
  __typename: 'Repository',
  repository,
});
export const pullNode = (repository: Repository, issue: PullIssue): PullNode => ({
  __typename: 'PullRequest',
  repository,
  issue,
});
export const issueNode = (repository: Repository, issue: Issue): IssueNode =>
  isPull(issue) ? pullNode(repository, issue) : { __typename: 'Issue', repository, issue };
export const commentNode = (repository: Repository, comment: Comment): CommentNode => ({
  __typename: 'IssueComment',
  repository,
  comment,
});
export const reviewNode = (repository: Repository, review: Review): ReviewNode => ({
  __typename: 'PullRequestReview',
  repository,
  review,
});
export const reviewCommentNode = (
  repository: Repository,
  comment: ReviewComment,
): ReviewCommentNode => ({ __typename: 'PullRequestReviewComment', repository, comment });
export const threadNode = (repository: Repository, first: ReviewComment): ThreadNode => ({
  __typename: 'PullRequestReviewThread',
  repository,
  first,
});
export const commitNode = (repository: Repository, commit: Commit): CommitNode => ({
  __typename: 'Commit',
  repository,
  commit,
});
export const refNode = (repository: Repository, ref: string): RefNode => ({
  __typename: 'Ref',
  repository,
  ref,
});
export const labelNode = (repository: Repository, label: Label): LabelNode => ({
  __typename: 'Label',
  repository,
  label,
});
export const statusNode = (repository: Repository, status: Status): StatusNode => ({
  __typename: 'StatusContext',
  repository,
  status,
});
export const runNode = (repository: Repository, run: CheckRun): RunNode => ({
  __typename: 'CheckRun',
  repository,
  run,
});
export const milestoneNode = (repository: Repository, milestone: Milestone): MilestoneNode => ({
  __typename: 'Milestone',
  repository,
  milestone,
});

/** The node id of an issue or pull request. */
export function issueId(issue: Issue): string {
  return isPull(issue) ? nodeId('PR', issue.pull.id) : nodeId('I', issue.id);
}

/** The commit node of an id, or null. */
export async function commitNodeOf(
  context: Context,
  repository: Repository,
  sha: string | null | undefined,
): Promise<CommitNode | null> {
  if (sha === null || sha === undefined) return null;
  const commit = await context.sim.store(repository.networkId).commit(sha);
  return commit ? commitNode(repository, commit) : null;
}

/** The thing of a node id, when the caller may see it. @throws GraphQLError NOT_FOUND. */
export async function nodeOf(context: Context, id: string): Promise<Node> {
  const parts = readNodeId(id);
  const found = parts && (await FINDERS[parts.prefix]?.(context, parts.key));
  const hidden =
    found && 'repository' in found && !sees(context, (found as RepositoryNode).repository);
  if (!found || hidden) throw missing('node', `the global id of '${id}'`);
  return found;
}

type Finder = (context: Context, key: string) => Node | null | undefined | Promise<Node | null>;

const findUser: Finder = (context, key) => {
  const user = context.state.users.get(Number(key));
  return user && userNode(user);
};

function inRepositories<T>(
  context: Context,
  find: (one: Repository) => T | undefined,
  make: (repository: Repository, found: T) => Node,
): Node | null {
  for (const repository of context.state.repositories.values()) {
    const found = find(repository);
    if (found !== undefined) return make(repository, found);
  }
  return null;
}

const findIssue =
  (wanted: (issue: Issue) => boolean): ((context: Context) => Node | null) =>
  (context) =>
    inRepositories(context, (one) => [...one.issues.values()].find(wanted), issueNode);

function owned<T extends { repositoryId: number }>(
  context: Context,
  thing: T | undefined,
  make: (repository: Repository, thing: T) => Node,
): Node | null {
  const repository = thing && context.state.repositories.get(thing.repositoryId);
  return thing && repository ? make(repository, thing) : null;
}

const FINDERS: Readonly<Record<string, Finder>> = {
  U: findUser,
  BOT: findUser,
  O: findUser,
  R: (context, key) => {
    const repository = context.state.repositories.get(Number(key));
    return repository && repositoryNode(repository);
  },
  PR: (context, key) => findIssue((one) => one.pull?.id === Number(key))(context),
  I: (context, key) => findIssue((one) => one.pull === null && one.id === Number(key))(context),
  IC: (context, key) => owned(context, context.state.comments.get(Number(key)), commentNode),
  PRR: (context, key) => owned(context, context.state.reviews.get(Number(key)), reviewNode),
  PRRC: (context, key) =>
    owned(context, context.state.reviewComments.get(Number(key)), reviewCommentNode),
  PRRT: (context, key) => owned(context, context.state.reviewComments.get(Number(key)), threadNode),
  MI: (context, key) =>
    inRepositories(
      context,
      (one) => [...one.milestones.values()].find((each) => each.id === Number(key)),
      milestoneNode,
    ),
  LA: (context, key) => inRepositories(context, (one) => one.labels.get(Number(key)), labelNode),
  CR: (context, key) => inRepositories(context, (one) => one.checkRuns.get(Number(key)), runNode),
  C: async (context, key) => {
    const [id = '', sha = ''] = key.split(':');
    const repository = context.state.repositories.get(Number(id));
    return repository ? commitNodeOf(context, repository, sha) : null;
  },
  REF: (context, key) => {
    const cut = key.indexOf(':');
    const repository = context.state.repositories.get(Number(key.slice(0, cut)));
    const ref = key.slice(cut + 1);
    return repository?.refs.has(ref) ? refNode(repository, ref) : null;
  },
  T: (context, key): TeamNode | null => {
    const team = context.state.teams.get(Number(key));
    return team ? { __typename: 'Team', team } : null;
  },
};

/** An account's node id. */
export const accountId = (user: User): string => userNodeId(user);
