import type { CatalogueEntry } from './catalogue-entry.ts';
import * as repair from './repair.ts';
import * as say from './staging.ts';
import type { UnableReason } from './staging.ts';

const ping = ['ann', 'rita'];
const bot = 'stagecoach';
const sha = '0123456789abcdef0123456789abcdef01234567';
const commit = { sha, subject: 'fixup! Add a door' };
const AUTHOR_AND_REVIEWER = 'author and reviewer';

/** One sample for each reason why staging was not possible. */
const REASONS: Readonly<Record<string, UnableReason>> = {
  conflict: { kind: 'conflict', files: ['src/door.ts'] },
  empty: { kind: 'empty' },
  'becomes-empty': { kind: 'becomes-empty', commit },
  'merge-in-rebase': { kind: 'merge-in-rebase', commit },
  'several-merge-parents': { kind: 'several-merge-parents', commit },
  behind: { kind: 'behind', commits: 12, limit: 10 },
  'no-commits': {
    kind: 'method',
    choice: { kind: 'refused', reason: 'no-commits', commits: 0, limit: 250 },
  },
  'too-many-commits': {
    kind: 'method',
    choice: { kind: 'refused', reason: 'too-many-commits', commits: 300, limit: 250 },
  },
  'too-many-to-rebase': {
    kind: 'method',
    choice: { kind: 'refused', reason: 'too-many-to-rebase', commits: 60, limit: 50 },
  },
  'missing-email': { kind: 'commit', commit, refusal: 'missing-email' },
  'unfinished-subject': { kind: 'commit', commit, refusal: 'unfinished-subject' },
  'conflict-markers': { kind: 'commit', commit, refusal: 'conflict-markers' },
  unmanaged: { kind: 'unmanaged', branch: 'feature' },
  other: { kind: 'other', text: 'the repository refused the objects' },
};

/** Messages about stagings and landings. */
export const STAGING_MESSAGES: readonly CatalogueEntry[] = [
  ...Object.entries(REASONS).map(([name, reason]) => ({
    key: `unable-to-stage-${name}`,
    when: 'a pull request cannot be staged and is put in error',
    pings: AUTHOR_AND_REVIEWER,
    sample: say.unableToStage({ ping, bot, reason }),
  })),
  {
    key: 'left-out',
    when: 'a pull request conflicts with others of the staging being made, once per head and others',
    pings: AUTHOR_AND_REVIEWER,
    sample: say.leftOut({ ping, files: ['src/door.ts'], others: ['acme/app#11'] }),
  },
  {
    key: 'unstaged',
    when: 'a staged pull request was pushed to, edited where its text becomes a commit message, or retargeted',
    pings: 'nobody',
    sample: say.unstaged({
      staging: 12,
      because: 'acme/app#3 updated by ann',
      draft: false,
    }),
  },
  {
    key: 'unstaged-draft',
    when: 'a staged pull request was converted to a draft',
    pings: 'nobody',
    sample: say.unstaged({
      staging: 12,
      because: 'acme/app#3 converted to draft by ann',
      draft: true,
    }),
  },
  {
    key: 'staging-failed',
    when: 'CI failed on a staging of this batch alone; the culprit, or all of the batch, is in error',
    pings: AUTHOR_AND_REVIEWER,
    sample: say.stagingFailed({
      ping,
      bot,
      failures: [
        { context: 'ci/test', url: 'https://ci.test/7', repository: null, sha },
        { context: 'ci/test', url: null, repository: 'acme/lib', sha },
      ],
    }),
  },
  {
    key: 'staging-failed-unknown',
    when: 'a staging of this batch alone failed and no context tells why',
    pings: AUTHOR_AND_REVIEWER,
    sample: say.stagingFailed({ ping, bot, failures: [] }),
  },
  {
    key: 'staging-timed-out',
    when: 'a staging of this batch alone took too long',
    pings: AUTHOR_AND_REVIEWER,
    sample: say.stagingTimedOut({
      ping,
      bot,
      durationMs: 75 * 60_000,
      missing: ['ci/upgrade'],
      running: ['ci/test'],
    }),
  },
  {
    key: 'landed-in-part',
    when: 'a landing moved some repositories and could not move others, nor be finished by itself; the project is frozen',
    pings: 'nobody',
    sample: repair.landedInPart({ branch: 'master', landed: ['acme/app'], failed: ['acme/lib'] }),
  },
  {
    key: 'undone',
    when: 'an administrator reverted a landing that stopped half-way',
    pings: 'nobody',
    sample: repair.undone({ ping, bot, branch: 'master', inHistory: false }),
  },
  {
    key: 'undone-in-history',
    when: 'the same, where the commits of the pull request themselves are in the target',
    pings: AUTHOR_AND_REVIEWER,
    sample: repair.undone({ ping, bot, branch: 'master', inHistory: true }),
  },
  {
    key: 'staging-push-refused',
    when: 'a staging branch could not be pushed; staging is turned off on the branch',
    pings: 'administrators',
    sample: say.stagingPushRefused({
      ping: ['root'],
      repository: 'acme/app',
      branch: 'master',
      output: 'remote: protected branch',
    }),
  },
  {
    key: 'deployment',
    when: 'description of the deployment GitHub shows on a merged pull request',
    pings: 'nobody',
    sample: say.deploymentDescription({ branch: 'master', sha }),
  },
  {
    key: 'closing-waits',
    when: 'on the page of a merged pull request that is still open at GitHub',
    pings: 'nobody',
    sample: say.closingWaits({
      sha,
      landedUrl: 'https://github.test/acme/app/commit/0123456789ab',
    }),
  },
];
