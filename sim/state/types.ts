/** Milliseconds are dropped, as GitHub writes times: `2026-01-02T03:04:05Z`. */
export type Stamp = string;

export type Permission = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

export interface User {
  readonly id: number;
  login: string;
  name: string | null;
  email: string | null;
  type: 'User' | 'Bot' | 'Organization';
  siteAdmin: boolean;
  createdAt: Stamp;
}

export interface Team {
  readonly id: number;
  readonly organizationId: number;
  name: string;
  slug: string;
  description: string | null;
  privacy: 'closed' | 'secret';
  /** Numeric user ids, with their place in the team. */
  members: Map<number, 'member' | 'maintainer'>;
  /** Numeric repository ids. */
  repositories: Map<number, Permission>;
}

export interface Token {
  readonly value: string;
  readonly userId: number;
  /** Set for tokens a GitHub App made for one of its installations. */
  installationId: number | null;
  /** The only repositories it is good for; null: all its account may. */
  readonly repositoryIds: readonly number[] | null;
  /** Milliseconds since the epoch; null never expires. */
  expiresAt: number | null;
}

export interface App {
  readonly id: number;
  slug: string;
  name: string;
  clientId: string;
  clientSecret: string;
  publicKey: string;
  permissions: Record<string, string>;
  events: string[];
  /** The account `slug[bot]` which acts for the App. */
  botId: number;
  ownerId: number;
  hookId: number | null;
  createdAt: Stamp;
}

export interface Installation {
  readonly id: number;
  readonly appId: number;
  /** Null: everywhere, which is how the control interface installs an App. */
  accountId: number | null;
  /** The repositories chosen; null: all of them, those to come too. */
  repositoryIds: Set<number> | null;
  /** While it is, its tokens are refused and the App hears of nothing there. */
  suspended: { readonly at: Stamp; readonly byId: number } | null;
  createdAt: Stamp;
}

export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface Milestone {
  readonly id: number;
  readonly number: number;
  title: string;
  description: string | null;
  state: 'open' | 'closed';
  creatorId: number;
  createdAt: Stamp;
  updatedAt: Stamp;
  closedAt: Stamp | null;
  dueOn: Stamp | null;
}

export interface Reaction {
  readonly id: number;
  readonly userId: number;
  readonly content: string;
  readonly createdAt: Stamp;
}

export interface Comment {
  readonly id: number;
  readonly repositoryId: number;
  readonly number: number;
  readonly authorId: number;
  body: string;
  createdAt: Stamp;
  updatedAt: Stamp;
  reactions: Reaction[];
  minimized: string | null;
}

export interface CommitComment {
  readonly id: number;
  readonly repositoryId: number;
  readonly sha: string;
  readonly authorId: number;
  body: string;
  path: string | null;
  position: number | null;
  line: number | null;
  createdAt: Stamp;
  updatedAt: Stamp;
  reactions: Reaction[];
}

export type ReviewState = 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED';

export interface Review {
  readonly id: number;
  readonly repositoryId: number;
  readonly number: number;
  readonly authorId: number;
  state: ReviewState;
  body: string;
  commitId: string;
  submittedAt: Stamp | null;
}

export interface ReviewComment {
  readonly id: number;
  readonly repositoryId: number;
  readonly number: number;
  readonly reviewId: number;
  readonly authorId: number;
  /** The first comment of the thread; null for that comment itself. */
  readonly inReplyTo: number | null;
  body: string;
  path: string;
  line: number | null;
  side: 'LEFT' | 'RIGHT';
  commitId: string;
  originalCommitId: string;
  diffHunk: string;
  createdAt: Stamp;
  updatedAt: Stamp;
  reactions: Reaction[];
  /** Only meaningful on the first comment of a thread. */
  resolvedById: number | null;
}

export interface Pull {
  readonly id: number;
  /** Null once the fork is gone. */
  headRepositoryId: number | null;
  headOwnerId: number;
  headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  merged: boolean;
  mergedAt: Stamp | null;
  mergedById: number | null;
  mergeCommitSha: string | null;
  maintainerCanModify: boolean;
  requestedReviewers: number[];
  requestedTeams: number[];
  autoMerge: {
    byId: number;
    method: MergeMethod;
    title: string | null;
    message: string | null;
  } | null;
  reviewIds: number[];
  reviewCommentIds: number[];
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** An issue, or a pull request when `pull` is set: GitHub numbers and comments them alike. */
export interface Issue {
  readonly id: number;
  readonly repositoryId: number;
  readonly number: number;
  readonly authorId: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'reopened' | 'not_planned' | null;
  /** Ids of labels of the repository. */
  labels: number[];
  assignees: number[];
  milestone: number | null;
  locked: boolean;
  commentIds: number[];
  reactions: Reaction[];
  createdAt: Stamp;
  updatedAt: Stamp;
  closedAt: Stamp | null;
  closedById: number | null;
  pull: Pull | null;
}

export type StatusState = 'error' | 'failure' | 'pending' | 'success';

export interface Status {
  readonly id: number;
  readonly sha: string;
  readonly state: StatusState;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creatorId: number;
  readonly createdAt: Stamp;
}

export interface CheckRun {
  readonly id: number;
  readonly suiteId: number;
  readonly sha: string;
  readonly appId: number;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  externalId: string;
  detailsUrl: string | null;
  startedAt: Stamp;
  completedAt: Stamp | null;
  title: string | null;
  summary: string | null;
  text: string | null;
}

export interface CheckSuite {
  readonly id: number;
  readonly sha: string;
  readonly appId: number;
  branch: string | null;
  /** The commit as GitHub sums it up in suites. */
  readonly commit: Record<string, unknown>;
  createdAt: Stamp;
  updatedAt: Stamp;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  ref: string;
  task: string;
  environment: string;
  description: string | null;
  payload: unknown;
  creatorId: number;
  createdAt: Stamp;
  updatedAt: Stamp;
  statuses: DeploymentStatus[];
}

export interface DeploymentStatus {
  readonly id: number;
  readonly state: string;
  readonly creatorId: number;
  readonly description: string;
  readonly environment: string;
  readonly targetUrl: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
  readonly createdAt: Stamp;
}

export interface Protection {
  requiredStatuses: { strict: boolean; contexts: string[] } | null;
  requiredReviews: {
    count: number;
    dismissStale: boolean;
    codeOwners: boolean;
    bypassUsers: number[];
  } | null;
  enforceAdmins: boolean;
  /** Null: everybody with write access may push. */
  restrictions: { users: number[]; teams: number[]; apps: number[] } | null;
  linearHistory: boolean;
  allowForcePushes: boolean;
  allowDeletions: boolean;
  requireConversationResolution: boolean;
  lockBranch: boolean;
  requireSignatures: boolean;
}

export interface Ruleset {
  readonly id: number;
  name: string;
  target: 'branch' | 'tag';
  enforcement: 'active' | 'disabled' | 'evaluate';
  include: string[];
  exclude: string[];
  rules: { type: string; parameters?: Record<string, unknown> }[];
  bypass: { actor_id: number | null; actor_type: string; bypass_mode: string }[];
  createdAt: Stamp;
  updatedAt: Stamp;
}

export interface Hook {
  readonly id: number;
  owner: { kind: 'repository' | 'organization' | 'app'; id: number };
  events: string[];
  active: boolean;
  url: string;
  contentType: 'json' | 'form';
  secret: string | null;
  insecureSsl: '0' | '1';
  createdAt: Stamp;
  updatedAt: Stamp;
  lastCode: number | null;
}

export interface Repository {
  readonly id: number;
  ownerId: number;
  name: string;
  description: string | null;
  private: boolean;
  defaultBranch: string;
  archived: boolean;
  hasIssues: boolean;
  /** Only the switch: there are no wikis. */
  hasWiki: boolean;
  allowMerge: boolean;
  allowSquash: boolean;
  allowRebase: boolean;
  allowAutoMerge: boolean;
  deleteBranchOnMerge: boolean;
  readonly networkId: number;
  parentId: number | null;
  createdAt: Stamp;
  updatedAt: Stamp;
  pushedAt: Stamp;
  collaborators: Map<number, Permission>;
  /** Full ref names to object ids: what the repository on disk has, without asking it. */
  refs: Map<string, string>;
  labels: Map<number, Label>;
  milestones: Map<number, Milestone>;
  issues: Map<number, Issue>;
  nextNumber: number;
  statuses: Map<string, Status[]>;
  checkRuns: Map<number, CheckRun>;
  checkRunsBySha: Map<string, number[]>;
  checkSuites: Map<number, CheckSuite>;
  deployments: Map<number, Deployment>;
  protections: Map<string, Protection>;
  rulesets: Map<number, Ruleset>;
  /** Open pull requests by head branch name, to find them quickly at a push. */
  openPulls: Set<number>;
}

/** Everything GitHub would keep in its database: plain data, so that a lagging replica is a clone. */
export interface State {
  lastId: number;
  users: Map<number, User>;
  logins: Map<string, number>;
  members: Map<number, Map<number, 'admin' | 'member'>>;
  teams: Map<number, Team>;
  tokens: Map<string, Token>;
  apps: Map<number, App>;
  installations: Map<number, Installation>;
  repositories: Map<number, Repository>;
  /** Lower-case `owner/name`, former names included, to repository id. */
  names: Map<string, number>;
  comments: Map<number, Comment>;
  commitComments: Map<number, CommitComment>;
  reviews: Map<number, Review>;
  reviewComments: Map<number, ReviewComment>;
  hooks: Map<number, Hook>;
}
