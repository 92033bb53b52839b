import { ROLE_PHRASES } from '../rules/command-table.ts';
import type { Role } from '../rules/command-table.ts';
import type { CommandRow, Refusal } from '../rules/commands.ts';
import type { ApprovalOutcome } from '../rules/approval.ts';
import { checkLinks } from './pull-request.ts';
import type { FailedCheck } from './pull-request.ts';
import { bullets, code, count, enumerate, paragraphs, ping } from './text.ts';

const NOTHING_DONE = 'Nothing of your comment was carried out.';

/** A comment that could not be read. The commenter is told where the commands are listed. */
export function refusedComment(facts: {
  readonly ping: readonly string[];
  readonly bot: string;
  readonly refusal: Refusal;
}): string {
  const { refusal } = facts;
  const long = refusal.kind === 'too-long' || refusal.kind === 'too-many';
  const where = long ? '' : ` ${code(`@${facts.bot} help`)} lists the commands.`;
  return `${ping(facts.ping)}${describeRefusal(refusal)} ${NOTHING_DONE}${where}`;
}

/** Says in one or two sentences what is wrong with a comment. */
export function describeRefusal(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'too-long':
      return `your comment has ${refusal.length} characters; I read commands only in comments of at most ${refusal.limit}. Give them in a comment of their own.`;
    case 'too-many':
      return `that is more than ${count(refusal.limit, 'command')} in one comment.`;
    case 'unknown-word':
      return unknownWord(refusal.word, refusal.suggestion);
    case 'expected':
      return `I expected ${code(refusal.expected)} ${refusal.got === null ? 'before the line ends' : `in place of ${code(refusal.got)}`}.`;
    case 'unknown-value':
      return `${code(refusal.command)} does not take ${code(refusal.value)}, but ${enumerate(refusal.known.map(code))}.`;
    case 'too-many-values':
      return `${code(refusal.command)} takes at most ${refusal.limit}.`;
    case 'short-head':
      return `${code(refusal.text)} is too short for a commit: give at least 12 digits.`;
    default:
      return describeUnreadable(refusal);
  }
}

type Unreadable = Extract<
  Refusal,
  { kind: 'hidden-character' | 'open-quote' | 'quote-inside-word' | 'repeated' | 'contradiction' }
>;

function describeUnreadable(refusal: Unreadable): string {
  switch (refusal.kind) {
    case 'hidden-character':
      return `your command holds an invisible character (${refusal.character}), so it may not say what it seems to.`;
    case 'open-quote':
      return 'a quotation mark is not closed before the line ends.';
    case 'quote-inside-word':
      return `a quotation mark stands within the word ${code(refusal.word)}; quotations begin and end with a word.`;
    case 'repeated':
      return `${code(refusal.command)} is given twice.`;
    case 'contradiction':
      return `${code(refusal.first)} and ${code(refusal.second)} contradict each other.`;
  }
}

function unknownWord(word: string, suggestion: string | null): string {
  const hint = suggestion === null ? '' : ` Did you mean ${code(suggestion)}?`;
  const calm = word.includes('!') ? ' No need to shout.' : '';
  return `I do not know the command ${code(word)}.${hint}${calm}`;
}

/** A command the commenter has no right to. */
export function accessDenied(facts: {
  readonly ping: readonly string[];
  /** As it was written. */
  readonly command: string;
  /** Whose it is in this project. */
  readonly who: readonly Role[];
}): string {
  const roles = facts.who.map((role) => ROLE_PHRASES[role]).join('; ');
  const who = roles === '' ? 'It is switched off in this project.' : `It is for ${roles}.`;
  return `${ping(facts.ping)}you may not use ${code(facts.command)} here. ${who} ${NOTHING_DONE}`;
}

/** Somebody gives more commands than are carried out in an hour; said once in that hour. */
export function tooManyCommands(facts: { readonly ping: readonly string[] }): string {
  return `${ping(facts.ping)}that is more commands than I carry out for one person in an hour. I stop reading yours for now; give those you still need later. ${NOTHING_DONE}`;
}

/** Contexts the commenter may not override. */
export function overrideDenied(facts: {
  readonly ping: readonly string[];
  readonly contexts: readonly string[];
}): string {
  return `${ping(facts.ping)}you may not override ${enumerate(facts.contexts.map(code))} in this repository. ${NOTHING_DONE}`;
}

/** Commands that were understood and allowed, but not possible; `others`: some had been possible. */
export function rejections(facts: {
  readonly ping: readonly string[];
  readonly reasons: readonly string[];
  readonly others: boolean;
}): string {
  const footer = facts.others ? NOTHING_DONE : '';
  const [only] = facts.reasons;
  if (facts.reasons.length === 1)
    return `${ping(facts.ping)}${only ?? ''}${footer === '' ? '' : ` ${footer}`}`;
  return paragraphs(`${ping(facts.ping)}this is not possible:`, bullets(facts.reasons), footer);
}

/** The answer to `help`: the commands this person may use here. */
export function help(facts: {
  readonly ping: readonly string[];
  readonly bot: string;
  readonly allowed: readonly CommandRow[];
  /** The comment held other commands, which were not carried out. */
  readonly ignoredOthers: boolean;
  /** He had the right to approve, but there is no e-mail address to sign off with. */
  readonly wantsEmail: boolean;
}): string {
  const others = facts.ignoredOthers
    ? 'With `help` in it, nothing else in your comment was carried out.'
    : '';
  return paragraphs(
    `${ping(facts.ping)}these are the commands you may use here:`,
    commandTable(facts.bot, facts.allowed),
    facts.wantsEmail ? `You could also approve. But ${APPROVAL_REFUSALS['no-email']}` : '',
    others,
  );
}

function commandTable(bot: string, rows: readonly CommandRow[]): string {
  if (rows.length === 0) return '';
  const lines = rows.map(
    (row) =>
      `| ${row.syntax.replaceAll('|', '\\|')} | ${row.what} | ${code(`@${bot} ${row.example}`)} |`,
  );
  return ['| command | does | example |', '| --- | --- | --- |', ...lines].join('\n');
}

/** Why an approval was not possible, as a sentence for {@link rejections}. */
export function approvalRefused(
  outcome: Extract<ApprovalOutcome, { kind: 'refused' | 'wrong-numbers' }>,
): string {
  if (outcome.kind === 'wrong-numbers') {
    const numbers = (list: readonly number[]): string =>
      enumerate(list.map((number) => `#${number}`));
    return `${numbers(outcome.wrong)} cannot be approved here, only ${numbers(outcome.allowed)}.`;
  }
  return APPROVAL_REFUSALS[outcome.reason];
}

const APPROVAL_REFUSALS = {
  closed: 'this pull request is closed: reopen it before it is approved.',
  merged: 'this pull request is merged already.',
  draft: 'drafts cannot be approved: mark it as ready for review first.',
  unmanaged: 'its base is not a branch I manage, so there is nothing to approve it for.',
  'no-email':
    'what lands is signed off by its reviewer, and I have no e-mail address of yours to do that with. An administrator can add it to you in the list of people.',
  'head-changed':
    'its commits changed after you wrote this, so you may have looked at others. Look again, then approve.',
} as const;

/** Approving what is approved already. */
export function alreadyApproved(facts: {
  readonly ping: readonly string[];
  readonly bot: string;
  readonly error: boolean;
}): string {
  if (!facts.error) return `${ping(facts.ping)}this is approved already.`;
  return `${ping(facts.ping)}this is approved already, but in error. ${code(`@${facts.bot} retry`)} has it staged again.`;
}

/** Approved although CI has failed. */
export function approvedButFailed(facts: {
  readonly ping: readonly string[];
  readonly failures: readonly FailedCheck[];
}): string {
  return `${ping(facts.ping)}approved, but ${checkLinks(facts.failures)} failed. It is staged once that passes: push a fix, or have it run again.`;
}

/** `r-` took skipped checks back with the approval. */
export function skipchecksRemoved(): string {
  return 'With the approval I took `skipchecks` back, from the linked pull requests too.';
}

/** `r-` on one port leaves others of the same source approved. */
export function siblingsStayApproved(facts: { readonly siblings: readonly string[] }): string {
  return `${enumerate(facts.siblings)} stay${facts.siblings.length === 1 ? 's' : ''} approved. Use ${code('r-')} there too if need be.`;
}

/** Sentences for {@link rejections} that need no facts. */
export const REJECTIONS = {
  nothingToReject: '`r-` takes back an approval or skipped checks, and there is neither.',
  notInError: '`retry` is for pull requests in error, and this one is not.',
  closeOnPortsOnly: '`close` is for ports; close this pull request with its own button.',
} as const;

/** The command names an account of the bot. */
export function cannotDelegate(facts: { readonly login: string }): string {
  return `${code(facts.login)} cannot be a delegate: that is me.`;
}

/** The command names somebody whom GitHub does not know, or who is no person. */
export function nobodysLogin(facts: { readonly login: string }): string {
  return `${code(facts.login)} is nobody's login at GitHub; an organisation or a team cannot be named.`;
}

/** A branch name in `up to` or `remindme` that does not exist or takes no changes. */
export function branchRefused(facts: {
  readonly branch: string;
  readonly reason: 'unknown' | 'disabled' | 'ported' | 'not-ported-to';
}): string {
  const why = {
    unknown: 'is no branch of this project',
    disabled: 'is disabled',
    ported: 'has its port already',
    'not-ported-to': 'is not among the branches that this is ported to',
  };
  return `${code(facts.branch)} ${why[facts.reason]}.`;
}
