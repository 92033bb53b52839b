import type {
  Account,
  Allowance,
  Branch,
  Comment,
  CreatedPullRequest,
  Hook,
  HookDelivery,
  HookPlace,
  Missing,
  Moved,
  Outcome,
  PermissionOf,
  PullRequest,
  PullRequestSummary,
  Repository,
  Review,
  StatusReport,
  Viewer,
} from './facts.ts';

/** What a reaction sticks to. */
export type ReactionSubject =
  | { readonly kind: 'comment'; readonly id: number | string }
  | { readonly kind: 'pull_request'; readonly number: number }
  | { readonly kind: 'review'; readonly nodeId: string };

/** The reactions the bot has a use for. */
export type Reaction = '+1' | '-1' | 'confused' | 'eyes' | 'hooray' | 'rocket';

export interface PullRequestFilter {
  /** `owner:branch`. */
  readonly head?: string;
  readonly base?: string;
  readonly state: 'open' | 'closed' | 'all';
  /** Leaves out what has not changed since; saves pages, as the newest change comes first. */
  readonly updatedSince?: Date;
}

export interface NewPullRequest {
  readonly repo: string;
  readonly title: string;
  readonly body: string;
  /** `owner:branch`. */
  readonly head: string;
  /** `owner/name` of the head, needed only when both repositories belong to one organisation. */
  readonly headRepository?: string;
  readonly base: string;
  readonly draft?: boolean;
}

export interface NewDeployment {
  /** A sha, or a branch. */
  readonly ref: string;
  readonly environment: string;
  readonly description: string;
}

export interface DeploymentStatus {
  readonly state: 'success' | 'failure' | 'error' | 'inactive' | 'pending';
  /** Where the deployment can be seen. */
  readonly url: string;
  readonly description: string;
}

/**
 * GitHub, as far as the bot needs it, in the bot's words. `repo` is always `owner/name`; anything else is our
 * bug and throws at once, before a URL is built of it.
 *
 * Every method may throw {@link GitHubError}. Its `effect` tells what a failed write left behind: after `none`
 * it may simply be sent again; after `unknown` look first (list comments, find pull requests), then act
 * (reliability.md, P2 and P3). Reads, and writes that give the same result twice, are repeated a bounded number
 * of times here; `comment`, `createPullRequest` and the deployments never are.
 *
 * While GitHub asks to wait (rate limits), no call leaves: each fails at once with `retryAfterMs`.
 * Reads may lag behind writes by seconds: a `missing` right after a webhook is to be confirmed later (F-057).
 */
export interface GitHub {
  viewer(): Promise<Viewer>;
  /** The secret git pushes and fetches with, good for ten more minutes at least (F-072). Never log it. */
  gitToken(): Promise<string>;
  rateLimit(): Promise<{ readonly core: Allowance; readonly graphql: Allowance | null }>;

  /** Who has a login now. Logins change hands: ask once, and keep the id (R32). */
  user(login: string): Promise<Account | Missing>;
  repository(repo: string): Promise<Repository | Moved | Missing>;
  branch(repo: string, branch: string): Promise<Branch | Missing>;
  /** `none` also for an unknown login; and whose it is: logins change hands (R32). */
  permission(repo: string, login: string): Promise<PermissionOf>;
  /** `missing`: the account may not list them (it takes an admin of the repository). */
  hooks(repo: string): Promise<readonly Hook[] | Missing>;
  /** `missing` too for an owner that is no organisation. */
  organizationHooks(org: string): Promise<readonly Hook[] | Missing>;
  /** Null where the account is no App, or the App has no webhook. */
  appHookUrl(): Promise<string | null>;
  /** Tries to deliver since then, newest first. */
  hookDeliveries(place: HookPlace, since: Date): Promise<readonly HookDelivery[] | Missing>;
  /** Has GitHub deliver a webhook once more; it comes under its old guid. */
  redeliver(place: HookPlace, deliveryId: string): Promise<Outcome>;

  pullRequest(repo: string, number: number): Promise<PullRequest | Missing>;
  /** Newest change first, all pages, each once. */
  findPullRequests(repo: string, filter: PullRequestFilter): Promise<readonly PullRequestSummary[]>;
  /** Oldest first, all pages, each once. */
  pullRequestComments(repo: string, number: number): Promise<readonly Comment[]>;
  /** Comments created or edited at or after `since`, oldest first: where a lost answer's comment shows (P2). */
  commentsSince(repo: string, number: number, since: Date): Promise<readonly Comment[]>;
  /** Oldest first, all pages, each once. */
  pullRequestReviews(repo: string, number: number): Promise<readonly Review[]>;
  /** Open issues of the same repository that GitHub would close with this pull request, by number. */
  closingIssues(repo: string, number: number): Promise<readonly number[]>;
  /** Commit statuses and check runs, all pages, one per context: the newest (R10). */
  statuses(repo: string, sha: string): Promise<readonly StatusReport[]>;

  /** Looks for the pull request after any error but a clear refusal, so a lost answer is not an error (P3). */
  createPullRequest(pullRequest: NewPullRequest): Promise<CreatedPullRequest>;
  closePullRequest(repo: string, number: number): Promise<Outcome>;
  reopenPullRequest(repo: string, number: number): Promise<Outcome>;
  /** Changes the branch the pull request goes to. */
  retarget(repo: string, number: number, base: string): Promise<Outcome>;

  /** Posts once, never again by itself. Use a marker and `commentsSince` to find out after `unknown`. */
  comment(repo: string, number: number, body: string): Promise<Comment>;
  react(repo: string, subject: ReactionSubject, content: Reaction): Promise<Outcome>;
  /** Creates labels the repository lacks, as GitHub does by itself. */
  addLabels(repo: string, number: number, labels: readonly string[]): Promise<Outcome>;
  /** `missing` when it was not on the pull request, which is as good as done. */
  removeLabel(repo: string, number: number, label: string): Promise<Outcome>;
  /** Closes as completed; closing a closed one is done too. */
  closeIssue(repo: string, number: number): Promise<Outcome>;

  createDeployment(repo: string, deployment: NewDeployment): Promise<{ readonly id: number }>;
  /** Deployments of a commit to an environment, newest first: how a lost answer is found. */
  findDeployments(
    repo: string,
    filter: { readonly sha: string; readonly environment: string },
  ): Promise<readonly { readonly id: number }[]>;
  createDeploymentStatus(repo: string, deployment: number, status: DeploymentStatus): Promise<void>;
}

/** How to log in. Secrets are asked for when needed, so that a rotation needs no restart. */
export type GitHubAuth =
  | { readonly token: () => Promise<string> }
  | {
      readonly app: {
        readonly id: number;
        readonly installationId: number;
        /** PEM. */
        readonly privateKey: () => Promise<string>;
      };
    };
