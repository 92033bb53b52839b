/** A port to be made again, as the server describes it (`GET /api/forwardports/OWNER/REPO/N`). */
export interface ReplayPlan {
  readonly repository: string;
  readonly number: number;
  readonly state: string;
  readonly target: string;
  readonly bot: string;
  readonly source: string;
  readonly head: string;
  readonly made: string | null;
  readonly branch: string;
  readonly remote: string;
  readonly conflict: { readonly empty: boolean } | null;
  /** Oldest first. */
  readonly commits: readonly {
    readonly sha: string;
    readonly subject: string;
    readonly original: string;
  }[];
  readonly clone_url: string;
  readonly push_url: string;
}

/** A replay under way, kept in the clone between the commands. */
export interface Replay {
  readonly plan: ReplayPlan;
  /** What was checked out before: a branch, or a commit. */
  readonly from: string;
  /** Commits of the plan that are done. */
  readonly done: number;
  /** HEAD before the one that is being picked. */
  readonly tip: string;
  /** It was left to the person; false while the program is at it, or was when it ended. */
  readonly stopped: boolean;
}

/** Where a command left a replay. */
export type Standing =
  | {
      readonly kind: 'stopped';
      readonly replay: Replay;
      /** In conflict; empty when the commit changes nothing here. */
      readonly files: readonly string[];
    }
  | { readonly kind: 'done'; readonly replay: Replay; readonly push: readonly string[] };

/** What a command did and where it left things. */
export interface Progress {
  /** Commits that brought nothing and have no copy. */
  readonly leftOut: readonly string[];
  readonly standing: Standing;
}

/** `acme/app#14`. */
export function nameOf({ repository, number }: ReplayPlan): string {
  return `${repository}#${number}`;
}
