import type { BranchName, RepositoryName, Sha } from '../lib/ids.ts';

/** GitHub does not know it, or does not let this account see it: GitHub answers the same for both. */
export interface Missing {
  readonly kind: 'missing';
}

/** What came of a change that GitHub may refuse for a reason a person must hear. */
export type Outcome =
  { readonly kind: 'done' } | Missing | { readonly kind: 'refused'; readonly detail: string };

/** Somebody at GitHub. The numeric id is who he is; the login is a display name that can change hands. */
export interface Account {
  readonly id: number;
  readonly login: string;
  /** GitHub's word: `User`, `Bot`, `Organization`, `Mannequin`, or one that is newer than this code. */
  readonly type: string;
}

/** The account the bot acts as. */
export interface Viewer {
  readonly id: number;
  readonly login: string;
  readonly name: string;
  /** The public address, or GitHub's no-reply address of the account when it shows none. */
  readonly email: string;
}

export interface Repository {
  readonly kind: 'repository';
  readonly id: number;
  readonly name: RepositoryName;
  readonly defaultBranch: BranchName;
  readonly private: boolean;
  readonly archived: boolean;
  /** What the bot's account may do here; null where GitHub does not say (Apps). */
  readonly rights: { readonly push: boolean; readonly admin: boolean } | null;
}

/** Renamed or transferred: the name asked for is no longer its own, a person must confirm (F-064). */
export interface Moved {
  readonly kind: 'moved';
  readonly id: number;
  readonly name: RepositoryName;
}

/** A person's role in a repository, in GitHub's words; custom roles come as the base role they extend. */
export type Permission = 'admin' | 'write' | 'read' | 'none';

/** What an account may do; `userId` is null where nobody has the login. */
export interface PermissionOf {
  readonly permission: Permission;
  readonly userId: number | null;
}

export type PullRequestState = 'open' | 'closed' | 'merged';

/** Where a pull request comes from. A deleted fork leaves `label` and `repository` empty; the sha stays. */
export interface Head {
  readonly sha: Sha;
  readonly branch: BranchName;
  /** `owner:branch`. */
  readonly label: string | null;
  readonly repository: RepositoryName | null;
}

/** A pull request as every list and every answer gives it. */
export interface PullRequestSummary {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  /** Empty when GitHub has none. */
  readonly body: string;
  readonly state: PullRequestState;
  readonly draft: boolean;
  readonly head: Head;
  readonly base: { readonly branch: BranchName; readonly sha: Sha };
  /** Null when the account is gone. */
  readonly author: Account | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly labels: readonly string[];
  /** Null where GitHub does not tell (lists). */
  readonly commitCount: number | null;
}

/** All the facts of one pull request, of one moment: they come from one query. */
export interface PullRequest extends PullRequestSummary {
  readonly kind: 'pull_request';
  readonly commitCount: number;
  /** Issues of its own repository that GitHub links to it, by keyword or by hand; the first hundred. */
  readonly closes: readonly number[];
}

/** A comment in the conversation of a pull request or issue. */
export interface Comment {
  readonly id: number;
  readonly author: Account | null;
  /** Id of the App that wrote it in the author's name. */
  readonly viaApp: number | null;
  readonly body: string;
  readonly createdAt: Date;
}

/** A submitted review; pending ones are seen by their author only and are left out. */
export interface Review {
  readonly id: number;
  /** GitHub's global id: reviews take reactions through GraphQL only. */
  readonly nodeId: string;
  readonly author: Account | null;
  readonly body: string;
  /** In lower case: `approved`, `changes_requested`, `commented`, `dismissed`, or a newer word. */
  readonly state: string;
  /** The head it was given for; null when GitHub lost it in a forced push. */
  readonly sha: Sha | null;
  readonly createdAt: Date;
}

/** The newest word of one CI context on one commit (R10), from a commit status or a check run. */
export interface StatusReport {
  readonly kind: 'status' | 'check_run';
  /** The context of a status, the name of a check run. */
  readonly context: string;
  /**
   * `pending` while a check run is not completed, else GitHub's own word: `success`, `failure`, `error`,
   * `cancelled`, `timed_out`, `stale`, `neutral`, `skipped`, `action_required`, or one newer than this code.
   */
  readonly state: string;
  readonly description: string | null;
  readonly url: string | null;
  /** GitHub's time of this word; a newer one replaces an older one, never the other way round. */
  readonly at: Date;
}

export type CreatedPullRequest =
  | ({ readonly kind: 'created' } & PullRequestSummary)
  /** It was there already, perhaps by an earlier try of ours; it may be closed by now: look at `state`. */
  | ({ readonly kind: 'exists' } & PullRequestSummary)
  | { readonly kind: 'refused'; readonly detail: string };

/** A webhook of a repository, as `doctor` judges it. */
export interface Hook {
  readonly id: number;
  readonly active: boolean;
  readonly events: readonly string[];
  readonly url: string | null;
  readonly contentType: string | null;
  /** HTTP status of the last delivery; null before the first. */
  readonly lastStatus: number | null;
}

/** Where a webhook hangs that GitHub keeps a list of deliveries for. */
export type HookPlace =
  | { readonly kind: 'repository'; readonly repo: string; readonly hookId: number }
  | { readonly kind: 'organization'; readonly org: string; readonly hookId: number }
  | { readonly kind: 'app' };

/** One try of GitHub to deliver a webhook. */
export interface HookDelivery {
  /** A whole number, which may be larger than JavaScript's are exact. */
  readonly id: string;
  /** As in `X-GitHub-Delivery`; all tries of one webhook have the same. */
  readonly guid: string;
  readonly at: Date;
  /** The receiver took it. */
  readonly ok: boolean;
}

/** One allowance of the API. `resetAt`: when it is full again. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: Date;
}

/** A branch as GitHub's API has it; for decisions ask git, this is for showing and for `doctor`. */
export interface Branch {
  readonly kind: 'branch';
  readonly sha: Sha;
  readonly protected: boolean;
}
