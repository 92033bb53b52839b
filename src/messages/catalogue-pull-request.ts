import type { Gate } from '../rules/gates.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import * as say from './pull-request.ts';

const ping = ['ann', 'rita'];
const url = 'https://ci.test/7';
const failures = [{ context: 'ci/test', url }];
const AUTHOR_AND_REVIEWER = 'author and reviewer';
const since = new Date('2024-05-06T07:08:00Z');
const GATES: readonly Gate[] = [
  { gate: 'open', ok: true, since, detail: 'is open', who_can_act: null },
  { gate: 'review', ok: false, since: null, detail: 'waits for approval', who_can_act: 'reviewer' },
];

/** Messages about a pull request as such. */
export const PULL_REQUEST_MESSAGES: readonly CatalogueEntry[] = [
  {
    key: 'target-unmanaged',
    when: 'a pull request is opened on, or moved to, a branch the bot does not manage',
    pings: 'nobody',
    sample: say.unmanagedTarget({ branch: 'feature', managed: ['17.0', 'master'] }),
  },
  {
    key: 'target-disabled',
    when: 'an event or command concerns a pull request onto a disabled branch',
    pings: 'nobody',
    sample: say.disabledTarget({ branch: '16.0' }),
  },
  {
    key: 'out-of-remit',
    when: 'a review holds a command on a branch the bot does not manage',
    pings: 'nobody',
    sample: say.outOfRemit({ branch: 'feature' }),
  },
  {
    key: 'merged-stays-closed',
    when: 'a merged pull request is reopened; it is closed again',
    pings: 'who reopened it',
    sample: say.mergedStaysClosed({ ping: ['ann'] }),
  },
  {
    key: 'merged-batch-stays-closed',
    when: 'a pull request is reopened whose linked ones have landed; it is closed again',
    pings: 'who reopened it',
    sample: say.mergedBatchStaysClosed({ ping: ['ann'], linked: ['acme/lib#3'] }),
  },
  {
    key: 'fetched',
    when: 'the bot has read a pull request it did not know',
    pings: 'the commenter, else author and reviewer',
    sample: say.fetched({ ping: ['rita'] }),
  },
  {
    key: 'created',
    when: 'a pull request is opened',
    pings: 'nobody',
    sample: say.created({
      pageUrl: 'https://bot.test/acme/app/pull/12',
      imageUrl: 'https://bot.test/acme/app/pull/12.svg',
    }),
  },
  {
    key: 'branch-disabled',
    when: 'the branch of an open pull request is disabled',
    pings: AUTHOR_AND_REVIEWER,
    sample: say.branchDisabled({ ping, branch: '17.0', nextBranch: '18.0' }),
  },
  {
    key: 'mismatch',
    when: 'staging finds that GitHub has another head, base or text; the approval is dropped',
    pings: 'author',
    sample: say.mismatch({
      ping: ['ann'],
      changes: [
        { property: 'target', before: '17.0', after: 'master' },
        {
          property: 'message',
          before: 'Add a door\n\nIt is red.',
          after: 'Add a door\n\nIt is blue.',
        },
      ],
    }),
  },
  {
    key: 'refreshed',
    when: 'answer to `check`',
    pings: 'nobody',
    sample: say.refreshed({ changes: [{ property: 'target', before: '17.0', after: 'master' }] }),
  },
  {
    key: 'linked-not-ready',
    when: 'once per pull request: it is ready, a linked one is not',
    pings: AUTHOR_AND_REVIEWER,
    sample: say.linkedNotReady({ ping, waiting: [{ name: 'acme/lib#3', phrase: 'is not ready' }] }),
  },
  {
    key: 'method-wanted',
    when: 'once per pull request: several commits, approved, no merge method',
    pings: AUTHOR_AND_REVIEWER,
    sample: say.methodWanted({ ping, bot: 'stagecoach', commits: 3 }),
  },
  {
    key: 'method-set',
    when: 'a merge method was chosen by command',
    pings: 'nobody',
    sample: say.methodSet({ method: 'rebase-merge' }),
  },
  {
    key: 'reviewed-but-failed',
    when: 'CI fails on an approved pull request; once per failure and address',
    pings: AUTHOR_AND_REVIEWER,
    sample: say.reviewedButFailed({ ping, failures }),
  },
  {
    key: 'check-stopped',
    when: 'a required check of an approved pull request is cancelled, times out or goes stale',
    pings: AUTHOR_AND_REVIEWER,
    sample: say.checkStopped({ ping, failures }),
  },
  {
    key: 'info',
    when: 'answer to `info`',
    pings: 'nobody',
    sample: say.info({
      name: 'acme/app#12',
      state: 'validated',
      gates: GATES,
      pageUrl: 'https://bot.test/acme/app/pull/12',
    }),
  },
  {
    key: 'shares-batch',
    when: 'a new pull request comes into a batch that has one of the same repository',
    pings: 'author',
    sample: say.sharesBatch({ ping, others: ['acme/app#11'], label: 'alice:fix' }),
  },
];
