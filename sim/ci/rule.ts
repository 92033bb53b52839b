/** How the fake CI answers a pushed commit. */
export interface CiRule {
  /** `owner/name`; left out, every repository. */
  readonly repository?: string | undefined;
  /** Regular expression, searched in the branch name; left out, every branch. */
  readonly branch?: string | undefined;
  readonly context: string;
  readonly result: 'success' | 'failure' | 'pending' | 'none';
  readonly after_ms: number;
  readonly kind: 'status' | 'check_run';
}
