import { COMMANDS } from '../rules/commands.ts';
import type { Refusal } from '../rules/commands.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import * as say from './commands.ts';

const ping = ['rita'];
const bot = 'stagecoach';
const failures = [{ context: 'ci/test', url: 'https://ci.test/7' }];
const COMMENTER = 'the commenter';
const [approve] = COMMANDS;

/** One sample for each way a comment is refused. */
const REFUSALS: Readonly<Record<Refusal['kind'], Refusal>> = {
  'unknown-word': { kind: 'unknown-word', word: 'aprove', suggestion: 'r+' },
  'too-long': { kind: 'too-long', length: 6_000, limit: 5_000 },
  'too-many': { kind: 'too-many', limit: 10 },
  expected: { kind: 'expected', expected: '<branch>', got: null },
  'unknown-value': {
    kind: 'unknown-value',
    command: 'fw=',
    value: 'yes',
    known: ['default', 'no'],
  },
  'too-many-values': { kind: 'too-many-values', command: 'delegate=', limit: 5 },
  'short-head': { kind: 'short-head', text: '0123456' },
  'hidden-character': { kind: 'hidden-character', character: 'U+202E' },
  'open-quote': { kind: 'open-quote' },
  'quote-inside-word': { kind: 'quote-inside-word', word: 'don' },
  repeated: { kind: 'repeated', command: 'r+' },
  contradiction: { kind: 'contradiction', first: 'r+', second: 'r-' },
};

/** Answers to comments. */
export const COMMAND_MESSAGES: readonly CatalogueEntry[] = [
  ...Object.values(REFUSALS).map((refusal) => ({
    key: `refused-${refusal.kind}`,
    when: 'a comment to the bot cannot be read; nothing of it is done',
    pings: COMMENTER,
    sample: say.refusedComment({ ping, bot, refusal }),
  })),
  {
    key: 'access-denied',
    when: 'a command needs a right the commenter has not; nothing is done',
    pings: COMMENTER,
    sample: say.accessDenied({
      ping: ['bob'],
      command: 'r+',
      who: approve.who,
    }),
  },
  {
    key: 'access-denied-to-all',
    when: 'the same where the project leaves a command to nobody',
    pings: COMMENTER,
    sample: say.accessDenied({ ping, command: 'skipchecks', who: [] }),
  },
  {
    key: 'too-many-commands',
    when: 'somebody gives over 60 comments with commands in an hour; once, and nothing is done',
    pings: COMMENTER,
    sample: say.tooManyCommands({ ping: ['bob'] }),
  },
  {
    key: 'override-denied',
    when: '`override` of a context the commenter has no right to; nothing is done',
    pings: COMMENTER,
    sample: say.overrideDenied({ ping, contexts: ['ci/security'] }),
  },
  {
    key: 'rejections',
    when: 'commands were understood and allowed, but are not possible; nothing is done',
    pings: COMMENTER,
    sample: say.rejections({ ping, reasons: Object.values(say.REJECTIONS), others: true }),
  },
  {
    key: 'rejection',
    when: 'the same with one reason',
    pings: COMMENTER,
    sample: say.rejections({
      ping,
      reasons: [say.approvalRefused({ kind: 'wrong-numbers', wrong: [9], allowed: [12, 11] })],
      others: false,
    }),
  },
  ...(['closed', 'merged', 'unmanaged', 'draft', 'no-email', 'head-changed'] as const).map(
    (reason) => ({
      key: `approval-refused-${reason}`,
      when: 'an approval is not possible',
      pings: COMMENTER,
      sample: say.rejections({
        ping,
        reasons: [say.approvalRefused({ kind: 'refused', reason })],
        others: false,
      }),
    }),
  ),
  {
    key: 'branch-refused',
    when: '`remindme` with a branch that does not exist, is disabled, has its port or gets none',
    pings: COMMENTER,
    sample: say.rejections({
      ping,
      reasons: (['unknown', 'disabled', 'ported', 'not-ported-to'] as const).map((reason) =>
        say.branchRefused({ branch: '17.0', reason }),
      ),
      others: false,
    }),
  },
  {
    key: 'cannot-delegate',
    when: '`delegate=` names the bot itself',
    pings: COMMENTER,
    sample: say.rejections({
      ping,
      reasons: [
        say.cannotDelegate({ login: 'stagecoach' }),
        say.nobodysLogin({ login: 'jon-doe' }),
      ],
      others: true,
    }),
  },
  {
    key: 'help',
    when: 'answer to `help`; lists what this person may do here',
    pings: COMMENTER,
    sample: say.help({
      ping,
      bot,
      allowed: COMMANDS.slice(0, 3),
      ignoredOthers: true,
      wantsEmail: false,
    }),
  },
  {
    key: 'help-without-email',
    when: 'the same to a reviewer whose e-mail address is not known',
    pings: COMMENTER,
    sample: say.help({
      ping,
      bot,
      allowed: COMMANDS.slice(1, 3),
      ignoredOthers: false,
      wantsEmail: true,
    }),
  },
  {
    key: 'already-approved',
    when: '`r+` on an approved pull request; with a hint when it is in error',
    pings: COMMENTER,
    sample: say.alreadyApproved({ ping, bot, error: true }),
  },
  {
    key: 'approved-but-failed',
    when: '`r+` while CI has failed',
    pings: COMMENTER,
    sample: say.approvedButFailed({ ping, failures }),
  },
  {
    key: 'skipchecks-removed',
    when: '`r-` where checks were skipped',
    pings: 'nobody',
    sample: say.skipchecksRemoved(),
  },
  {
    key: 'siblings-stay-approved',
    when: '`r-` on a port while others of its source are approved',
    pings: 'nobody',
    sample: say.siblingsStayApproved({ siblings: ['acme/app#14', 'acme/app#15'] }),
  },
];
