import type { Gate } from '../rules/gates.ts';
import { diffLines } from '../rules/line-diff.ts';
import { MERGE_METHODS } from '../rules/merge-method.ts';
import type { MergeMethod } from '../rules/merge-method.ts';
import { block, bullets, code, count, enumerate, link, paragraphs, ping, plain } from './text.ts';

/** What each merge method does, in a few words. */
const METHOD_WORDS: Readonly<Record<MergeMethod, string>> = {
  'rebase-merge': 'rebase the commits, then a merge commit with the text of this pull request',
  'rebase-ff': 'rebase the commits, no merge commit',
  merge: 'a merge commit with the text of this pull request, commits untouched',
  squash: 'one commit with the text of this pull request',
};

/** A new or changed pull request goes onto a branch the bot does not manage. */
export function unmanagedTarget(facts: {
  readonly branch: string;
  readonly managed: readonly string[];
}): string {
  const choices =
    facts.managed.length === 0 ? '' : ` I manage ${enumerate(facts.managed.map(code))}.`;
  return `${code(facts.branch)} is not a branch I manage, so I leave this pull request alone.${choices} Change its base to have it merged by me.`;
}

/** A pull request goes onto a branch that takes no more changes. */
export function disabledTarget(facts: { readonly branch: string }): string {
  return `${code(facts.branch)} is disabled: nothing is merged there. Change the base of this pull request to an active branch.`;
}

/** A command was given in a review on a branch the bot does not manage. */
export function outOfRemit(facts: { readonly branch: string }): string {
  return `I do nothing on ${code(facts.branch)}: it is not a branch I manage. No command was carried out.`;
}

/** Somebody reopened a merged pull request. */
export function mergedStaysClosed(facts: { readonly ping: readonly string[] }): string {
  return `${ping(facts.ping)}this is merged already, so I closed it again. For more changes open a new pull request.`;
}

/** Somebody reopened a closed pull request whose batch was merged without it. */
export function mergedBatchStaysClosed(facts: {
  readonly ping: readonly string[];
  readonly linked: readonly string[];
}): string {
  const others =
    facts.linked.length === 0
      ? 'The linked pull requests were'
      : `${enumerate(facts.linked)} landed`;
  const verb = facts.linked.length === 0 ? ' merged without this one' : ' without this one';
  return `${ping(facts.ping)}${others}${verb}, so I closed it again. Open a new pull request for the rest.`;
}

/** The bot read a pull request it had never heard of. */
export function fetched(facts: { readonly ping: readonly string[] }): string {
  return `${ping(facts.ping)}I did not know this pull request and have read it now. Your comment counts; of what was said before it please repeat what you still want.`;
}

/** The first comment of the bot: where to look. The addresses are the bot's own. */
export function created(facts: {
  readonly pageUrl: string;
  readonly imageUrl: string | null;
}): string {
  if (facts.imageUrl === null) return link('State of this pull request', facts.pageUrl);
  return link(`![State of this pull request](${facts.imageUrl})`, facts.pageUrl);
}

/** The branch of an open pull request was disabled; `nextBranch` when its ports go on there. */
export function branchDisabled(facts: {
  readonly ping: readonly string[];
  readonly branch: string;
  readonly nextBranch: string | null;
}): string {
  const next =
    facts.nextBranch === null
      ? ''
      : ` I port it to ${code(facts.nextBranch)}, the next active branch.`;
  return `${ping(facts.ping)}${code(facts.branch)} was disabled, so this will not be merged.${next} Close it, or change its base.`;
}

/** A stored fact about a pull request that GitHub tells otherwise. */
export interface MissedChange {
  readonly property: 'head' | 'target' | 'message';
  readonly before: string;
  readonly after: string;
}

/** Staging found that updates had been missed; the approval is gone. */
export function mismatch(facts: {
  readonly ping: readonly string[];
  readonly changes: readonly MissedChange[];
}): string {
  const names = enumerate(facts.changes.map((change) => change.property));
  return paragraphs(
    `${ping(facts.ping)}this pull request has changed without my noticing (${names}). I have caught up and dropped the approval: please check it and approve again.`,
    ...facts.changes.map(showChange),
  );
}

function showChange({ property, before, after }: MissedChange): string {
  if (property !== 'message') return `${property}: ${code(before)} is now ${code(after)}`;
  return block(diffLines(before, after).join('\n'), 'diff');
}

/** The answer to `check`. */
export function refreshed(facts: { readonly changes: readonly MissedChange[] }): string {
  if (facts.changes.length === 0)
    return 'I have read this pull request again: nothing had been missed.';
  return paragraphs(
    'I have read this pull request again and caught up.',
    bullets(
      facts.changes.map((change) =>
        change.property === 'message' ? 'title or description changed' : showChange(change),
      ),
    ),
  );
}

/** A ready pull request waits for linked ones; `waiting` are their names with what they lack. */
export function linkedNotReady(facts: {
  readonly ping: readonly string[];
  readonly waiting: readonly { readonly name: string; readonly phrase: string }[];
}): string {
  const list = bullets(facts.waiting.map(({ name, phrase }) => `${name} ${phrase}`));
  return paragraphs(
    `${ping(facts.ping)}this is ready, but is merged together with linked pull requests that are not:`,
    list,
  );
}

/** Several commits and no merge method. `squash` works too, but is not advertised. */
export function methodWanted(facts: {
  readonly ping: readonly string[];
  readonly bot: string;
  readonly commits: number;
}): string {
  const choices = MERGE_METHODS.filter((method) => method !== 'squash').map(
    (method) => `${code(`@${facts.bot} ${method}`)}: ${METHOD_WORDS[method]}`,
  );
  return paragraphs(
    `${ping(facts.ping)}this has ${count(facts.commits, 'commit')}. How shall they land? Answer with one of`,
    bullets(choices),
  );
}

/** A merge method was chosen. */
export function methodSet(facts: { readonly method: MergeMethod }): string {
  return `The merge method is ${code(facts.method)} now: ${METHOD_WORDS[facts.method]}.`;
}

/** A failed context; `url` leads to the log. */
export interface FailedCheck {
  readonly context: string;
  readonly url: string | null;
}

/** Links failed contexts to their logs. */
export function checkLinks(failures: readonly FailedCheck[]): string {
  return enumerate(failures.map(({ context, url }) => link(code(context), url)));
}

/** CI failed on an approved pull request. Once per failure and url. */
export function reviewedButFailed(facts: {
  readonly ping: readonly string[];
  readonly failures: readonly FailedCheck[];
}): string {
  return `${ping(facts.ping)}${checkLinks(facts.failures)} failed on this approved pull request, so it is not staged. Push a fix, or have the check run again.`;
}

/** CI ended without a verdict on an approved pull request (cancelled, timed out, stale). */
export function checkStopped(facts: {
  readonly ping: readonly string[];
  readonly failures: readonly FailedCheck[];
}): string {
  return `${ping(facts.ping)}${checkLinks(facts.failures)} stopped without a result. I do not count that as a failure, but wait: please have it run again.`;
}

/** The answer to `info`, and what the command line prints: state and gates (R12). */
export function info(facts: {
  readonly name: string;
  readonly state: string;
  readonly gates: readonly Gate[];
  readonly pageUrl: string | null;
}): string {
  const closed = facts.gates.filter((gate) => !gate.ok);
  const verdict =
    closed.length === 0
      ? 'nothing is in the way'
      : `${count(closed.length, 'condition')} still open`;
  return paragraphs(
    `${link(facts.name, facts.pageUrl)} is **${facts.state}**: ${verdict}.`,
    gateTable(facts.gates),
  );
}

function gateTable(gates: readonly Gate[]): string {
  const rows = gates.map((gate) => {
    const since =
      gate.since === null ? '' : gate.since.toISOString().slice(0, 16).replace('T', ' ');
    return `| ${gate.ok ? '✓' : '✗'} ${gate.gate} | ${plain(gate.detail)} | ${gate.who_can_act ?? ''} | ${since} |`;
  });
  return [
    '| condition | state | who can act | since (UTC) |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** Another pull request of the same repository has the same label: the two are one batch. */
export function sharesBatch(facts: {
  readonly ping: readonly string[];
  readonly others: readonly string[];
  readonly label: string;
}): string {
  return `${ping(facts.ping)}this has the label ${code(facts.label)}, as has ${enumerate(facts.others)} of the same repository, so they land together or not at all. If that is not meant, ask an administrator to split one off.`;
}
