import type { CatalogueEntry } from './catalogue-entry.ts';
import * as fw from './forwardport-commands.ts';
import { rejections } from './commands.ts';
import * as say from './forwardport.ts';

const ping = ['ann', 'rita'];
const bot = 'stagecoach';
const source = 'acme/app#12';
const sha = '0123456789abcdef0123456789abcdef01234567';
const output = 'CONFLICT (content): Merge conflict in src/door.ts';
const PEOPLE = 'author and reviewer of the source, reviewer of the port';
const failures = [{ context: 'ci/test', url: 'https://ci.test/7' }];

const report = {
  commits: [
    { sha, subject: 'Add a door' },
    { sha: sha.replaceAll('0', 'f'), subject: 'Paint the door' },
  ],
  failed: sha,
  cause: 'conflict',
  files: ['src/door.ts'],
  output,
} as const;

/** Messages about ports. */
export const FORWARDPORT_MESSAGES: readonly CatalogueEntry[] = [
  {
    key: 'port-intermediate',
    when: 'on a new port that others will follow',
    pings: 'nobody',
    sample: say.portIntermediate({ source, target: '18.0', last: 'master' }),
  },
  {
    key: 'port-last',
    when: 'on the last port of a chain',
    pings: PEOPLE,
    sample: say.portLast({ ping, bot, source, target: 'master', ancestors: ['acme/app#13'] }),
  },
  {
    key: 'port-conflict',
    when: 'on a new port that conflicts',
    pings: PEOPLE,
    sample: say.portConflict({
      ping,
      bot,
      source,
      port: 'acme/app#13',
      target: '18.0',
      report,
      early: false,
    }),
  },
  {
    key: 'port-conflict-early',
    when: 'the same under `fw=skipmerge`, before the source is merged',
    pings: 'nobody',
    sample: say.portConflict({
      ping: [],
      bot,
      source,
      port: 'acme/app#13',
      target: '18.0',
      report: { ...report, commits: report.commits.slice(0, 1) },
      early: true,
    }),
  },
  {
    key: 'port-impossible',
    when: 'on a pull request that git cannot carry to the next branch at all',
    pings: PEOPLE,
    sample: say.portImpossible({
      ping,
      target: '18.0',
      reason: 'acme/app#12: the histories have no common commit',
    }),
  },
  {
    key: 'port-linked',
    when: 'on a clean port linked to one in conflict; without a ping under `fw=skipmerge`',
    pings: PEOPLE,
    sample: say.portLinked({
      ping,
      source,
      target: '18.0',
      conflicting: ['acme/lib#4'],
      early: false,
    }),
  },
  {
    key: 'next-port-conflicts',
    when: 'on an open, attached port when the one after it conflicts',
    pings: PEOPLE,
    sample: say.nextPortConflicts({ ping, bot, next: 'acme/app#14' }),
  },
  {
    key: 'port-discrepancy',
    when: 'linked pull requests would be ported to different branches; none is',
    pings: 'author and reviewer',
    sample: say.portDiscrepancy({ ping, own: '18.0', other: 'acme/lib#3', otherTarget: 'master' }),
  },
  {
    key: 'port-detached',
    when: 'a port is changed by hand, has no port after it, but should have',
    pings: PEOPLE,
    sample: say.portDetached({ ping, bot, reason: 'pushed by bob' }),
  },
  {
    key: 'child-detached',
    when: 'on an open pull request when the port after it is detached',
    pings: PEOPLE,
    sample: say.childDetached({ ping, child: 'acme/app#14', reason: 'pushed by bob' }),
  },
  {
    key: 'update-cannot-follow',
    when: 'an ancestor changed and this port is merged or closed',
    pings: PEOPLE,
    sample: say.updateCannotFollow({ ping, ancestor: 'acme/app#13', state: 'merged' }),
  },
  {
    key: 'update-conflicts-behind',
    when: 'on a changed port whose change conflicts further on',
    pings: PEOPLE,
    sample: say.updateConflictsBehind({ ping, child: 'acme/app#14' }),
  },
  {
    key: 'update-conflicts',
    when: 'on a port into whose branch the update of its parent brought a conflict',
    pings: PEOPLE,
    sample: say.updateConflicts({
      ping,
      parent: 'acme/app#13',
      port: 'acme/app#14',
      head: sha,
      output,
    }),
  },
  {
    key: 'port-failed',
    when: 'CI fails on an attached port nobody approved; once per failure and address',
    pings: PEOPLE,
    sample: say.portFailed({ ping, failures }),
  },
  {
    key: 'completion-stopped',
    when: 'a pull request joined a ported batch and cannot be carried along',
    pings: 'author and reviewer',
    sample: say.completionStopped({ ping, next: 'master', batchTarget: '18.0' }),
  },
  {
    key: 'reminder',
    when: 'an open port waits; first after 3 days, then daily, unless configured otherwise',
    pings: PEOPLE,
    sample: say.reminder({ ping, source, days: 4 }),
  },
  {
    key: 'remembered',
    when: 'a port to a branch named in `remindme` was made',
    pings: 'who asked',
    sample: say.remembered({ requests: [{ login: 'bob', message: 'drop the shim' }] }),
  },
  {
    key: 'port-given-up',
    when: 'a port failed 24 times',
    pings: 'administrators',
    sample: say.portGivenUp({
      ping: ['root'],
      source,
      target: '18.0',
      attempts: 24,
      error: 'commit not found',
    }),
  },
  {
    key: 'conflict-commit',
    when: 'message of the commit of a conflicting port of several commits',
    pings: 'nobody',
    sample: say.conflictCommitMessage({
      title: 'Add a door',
      source,
      failed: { sha, subject: 'Add a door' },
      output,
    }),
  },
  ...(['default', 'no', 'skipci', 'skipmerge'] as const).map((policy) => ({
    key: `policy-${policy}`,
    when: 'answer to `fw=…`',
    pings: 'nobody',
    sample: fw.policySet({
      outcome: { kind: 'set', policy, starts: policy === 'no' ? 'nothing' : 'port' },
    }),
  })),
  {
    key: 'policy-refused',
    when: 'another policy after `fw=skipmerge`',
    pings: 'the commenter',
    sample: rejections({ ping: ['rita'], reasons: [fw.policyRefused()], others: false }),
  },
  {
    key: 'limit-set',
    when: 'answer to `up to` before the merge',
    pings: 'nobody',
    sample: fw.limitSet({
      outcome: { kind: 'set', limit: '18.0', stops: false, resetsPolicy: true },
      bot,
      root: null,
      tip: source,
    }),
  },
  {
    key: 'limit-changed',
    when: 'answer to `up to` on a merged pull request or a port',
    pings: 'nobody',
    sample: fw.limitSet({
      outcome: {
        kind: 'changed',
        limit: '18.0',
        insteadOf: '17.0',
        cancelsTask: true,
        resume: 'none',
      },
      bot,
      root: source,
      tip: 'acme/app#13',
    }),
  },
  ...(['unknown-branch', 'disabled-branch', 'tip-closed', 'port-running'] as const).map(
    (reason) => ({
      key: `limit-refused-${reason}`,
      when: '`up to` is not possible',
      pings: 'the commenter',
      sample: rejections({
        ping: ['rita'],
        reasons: [fw.limitRefused({ kind: 'refused', reason }, '99.0')],
        others: false,
      }),
    }),
  ),
  {
    key: 'limit-changed-elsewhere',
    when: 'on source and root when the limit was changed on another of the family',
    pings: 'nobody',
    sample: fw.limitChangedElsewhere({ limit: '18.0', from: 'acme/app#13' }),
  },
  {
    key: 'ignore-is-old',
    when: '`ignore` was used',
    pings: 'nobody',
    sample: fw.ignoreIsOld({ bot }),
  },
];
