/** What GitHub lets somebody do in a repository; it folds the roles in between into these four words. */
export type Permission = 'admin' | 'write' | 'read' | 'none';

/** Permission that is enough, or nobody's. */
export type Level = Exclude<Permission, 'none'> | 'nobody';

/** Which permission at GitHub gives which right here, where rights are taken from there (R32). */
export interface RightsSettings {
  readonly from: 'people' | 'github';
  readonly review: Level;
  readonly selfReview: Level;
  readonly overrides: Level;
  readonly admin: Level;
}

/** The rights that follow from a permission. */
export interface GitHubRights {
  /** Counts as one of the people of the project. */
  readonly account: boolean;
  readonly review: boolean;
  readonly selfReview: boolean;
  /** Any context. */
  readonly overrides: boolean;
  readonly administrator: boolean;
}

const RANK: Readonly<Record<Permission, number>> = { none: 0, read: 1, write: 2, admin: 3 };

/** Gives the rights of somebody by his permission at GitHub; null, when it is not known, gives none. */
export function rightsAtGitHub(
  permission: Permission | null,
  settings: RightsSettings,
): GitHubRights {
  const has = permission === null || settings.from === 'people' ? 0 : RANK[permission];
  const enough = (level: Level): boolean => level !== 'nobody' && has >= RANK[level];
  return {
    account: enough('write'), // reading a public repository makes nobody one of its people
    review: enough(settings.review),
    selfReview: enough(settings.selfReview),
    overrides: enough(settings.overrides),
    administrator: enough(settings.admin),
  };
}
