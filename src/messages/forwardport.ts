import { checkLinks } from './pull-request.ts';
import type { FailedCheck } from './pull-request.ts';
import { block, bullets, code, enumerate, paragraphs, ping, plain } from './text.ts';

/** A port was made and more will follow. Nobody is pinged: nothing is to be done yet. */
export function portIntermediate(facts: {
  readonly source: string;
  readonly target: string;
  readonly last: string;
}): string {
  return `This ports ${facts.source} to ${code(facts.target)}. Once it is green I go on, up to ${code(facts.last)}; the last port will ask for your approval.`;
}

/** The last port of a chain: time to approve. `ancestors` are those an approval here takes along. */
export function portLast(facts: {
  readonly ping: readonly string[];
  readonly bot: string;
  readonly source: string;
  readonly target: string;
  readonly ancestors: readonly string[];
}): string {
  const approve = code(`@${facts.bot} r+`);
  const intro = `${ping(facts.ping)}this ports ${facts.source} to ${code(facts.target)}, the last branch.`;
  if (facts.ancestors.length === 0) return `${intro} ${approve} has it merged.`;
  return paragraphs(`${intro} ${approve} approves it together with`, bullets(facts.ancestors));
}

/** What git said about a port that conflicts. */
export interface ConflictReport {
  /** Commits of the source, oldest first. */
  readonly commits: readonly { readonly sha: string; readonly subject: string }[];
  /** The commit that could not be picked; null when not one of them (an update). */
  readonly failed: string | null;
  /** `empty`: picking it changes nothing there. */
  readonly cause: 'conflict' | 'empty';
  readonly files: readonly string[];
  readonly output: string;
}

/** A port in conflict: somebody must solve it. */
export function portConflict(facts: {
  readonly ping: readonly string[];
  readonly bot: string;
  readonly source: string;
  /** `owner/repo#n` of the port itself. */
  readonly port: string;
  readonly target: string;
  readonly report: ConflictReport;
  /** Made before the source is merged (`fw=skipmerge`): the chain does not stop here. */
  readonly early: boolean;
}): string {
  const { report } = facts;
  const what = report.cause === 'empty' ? 'changes nothing' : 'conflicts';
  const chain = facts.early
    ? 'and go on to the later branches all the same'
    : 'and the chain stops until this is solved';
  return paragraphs(
    `${ping(facts.ping)}${facts.source} ${what} when ported to ${code(facts.target)}. I put it here as one commit, markers included, ${chain}.`,
    report.commits.length > 1 ? commitList(report) : '',
    report.files.length > 0 ? `Files: ${report.files.slice(0, 20).map(code).join(', ')}` : '',
    report.output.trim() === '' ? '' : block(report.output),
    facts.early
      ? `Solve it and push here, or change ${facts.source}: its ports follow it.`
      : `Either solve it and push here, or close this. A solved port needs an approval of its own: ${code(`@${facts.bot} r+`)}; the ports after it follow when it has landed.`,
    replayHint(facts.port),
  );
}

/** How to solve a conflict without losing the commits it is made of. */
function replayHint(port: string): string {
  return `To solve it commit by commit, in a clone of yours and with your own tools: ${code(`stagecoach forwardport replay ${port}`)}.`;
}

function commitList({ commits, failed }: ConflictReport): string {
  return bullets(
    commits.map(
      ({ sha, subject }) => `${sha === failed ? '✗' : '·'} ${sha.slice(0, 12)} ${plain(subject)}`,
    ),
  );
}

/** A clean port whose linked ports are in conflict. */
export function portLinked(facts: {
  readonly ping: readonly string[];
  readonly source: string;
  readonly target: string;
  readonly conflicting: readonly string[];
  /** Made before the source is merged (`fw=skipmerge`). */
  readonly early: boolean;
}): string {
  const then = facts.early
    ? 'They can only be merged together once that is solved.'
    : 'Solve that first; then each of them needs an approval of its own.';
  return `${ping(facts.ping)}${facts.source} went to ${code(facts.target)} without trouble, but ${enumerate(facts.conflicting)}, linked to it, did not. ${then}`;
}

/** On the port before one in conflict: the chain up to here can be approved now. */
export function nextPortConflicts(facts: {
  readonly ping: readonly string[];
  readonly bot: string;
  readonly next: string;
}): string {
  return `${ping(facts.ping)}the next port, ${facts.next}, is in conflict and on its own from now on. ${code(`@${facts.bot} r+`)} here approves the chain up to this one.`;
}

/** The linked pull requests of a batch do not agree on the next branch. */
export function portDiscrepancy(facts: {
  readonly ping: readonly string[];
  readonly own: string;
  readonly other: string;
  readonly otherTarget: string;
}): string {
  return `${ping(facts.ping)}this would be ported to ${code(facts.own)} next, but ${facts.other}, linked to it, to ${code(facts.otherTarget)}. I ported neither. Set the same limit on both, or port by hand.`;
}

/** A port lost its parent: it must be merged for the chain to go on. */
export function portDetached(facts: {
  readonly ping: readonly string[];
  readonly bot: string;
  readonly reason: string;
}): string {
  return `${ping(facts.ping)}this port was changed (${plain(facts.reason)}) and is an ordinary pull request now. It needs an approval of its own: ${code(`@${facts.bot} r+`)}. The ports after it follow when it has landed.`;
}

/** On the parent of a port that was detached. */
export function childDetached(facts: {
  readonly ping: readonly string[];
  readonly child: string;
  readonly reason: string;
}): string {
  return `${ping(facts.ping)}${facts.child}, the port after this one, goes its own way now (${plain(facts.reason)}). Approving it no longer approves this one.`;
}

/** A port's ancestor changed, but the port is merged or closed and cannot follow. */
export function updateCannotFollow(facts: {
  readonly ping: readonly string[];
  readonly ancestor: string;
  readonly state: 'merged' | 'closed';
}): string {
  return `${ping(facts.ping)}${facts.ancestor} was changed, but this is ${facts.state} and does not follow. Look after this one and those behind it by hand.`;
}

/** On a changed port: carrying the change on conflicted. */
export function updateConflictsBehind(facts: {
  readonly ping: readonly string[];
  readonly child: string;
}): string {
  return `${ping(facts.ping)}carrying this change on to ${facts.child} conflicts. I put the conflict there all the same: solve it there, or change this one differently.`;
}

/** On the port behind a changed one: its branch now holds a conflict. */
export function updateConflicts(facts: {
  readonly ping: readonly string[];
  readonly parent: string;
  /** `owner/repo#n` of the port itself. */
  readonly port: string;
  readonly head: string;
  readonly output: string;
}): string {
  return paragraphs(
    `${ping(facts.ping)}${facts.parent} changed to ${facts.head.slice(0, 12)}, and porting that here conflicts. This branch now holds the conflict; what was here before is in its history only.`,
    facts.output.trim() === '' ? '' : block(facts.output),
    replayHint(facts.port),
  );
}

/** CI failed on a port nobody has approved. Once per failure and url. */
export function portFailed(facts: {
  readonly ping: readonly string[];
  readonly failures: readonly FailedCheck[];
}): string {
  return `${ping(facts.ping)}${checkLinks(facts.failures)} failed on this port, so the chain waits here. Push a fix, or have the check run again.`;
}

/** A pull request that joined a ported batch late cannot be carried along. */
export function completionStopped(facts: {
  readonly ping: readonly string[];
  readonly next: string | null;
  readonly batchTarget: string;
}): string {
  const own = facts.next === null ? 'ends here' : `goes to ${code(facts.next)}`;
  return `${ping(facts.ping)}the linked pull requests were ported to ${code(facts.batchTarget)} next, but this one ${own}. I did not port it: set its limit, or port it by hand.`;
}

/** An open port waits for somebody; by comment, never by assignment (seed; R24). */
export function reminder(facts: {
  readonly ping: readonly string[];
  readonly source: string;
  readonly days: number;
}): string {
  return `${ping(facts.ping)}this port of ${facts.source} has been waiting for ${facts.days} days. Merge it or close it.`;
}

/** What people asked with `remindme` to be told on a port to a branch. */
export function remembered(facts: {
  readonly requests: readonly { readonly login: string; readonly message: string }[];
}): string {
  return facts.requests
    .map(({ login, message }) => `${ping([login])}you asked to be reminded here: ${plain(message)}`)
    .join('\n\n');
}

/** A port could not be made after many attempts; for administrators. */
export function portGivenUp(facts: {
  readonly ping: readonly string[];
  readonly source: string;
  readonly target: string;
  readonly attempts: number;
  readonly error: string;
}): string {
  return paragraphs(
    `${ping(facts.ping)}porting ${facts.source} to ${code(facts.target)} failed ${facts.attempts} times and is given up until an administrator retries it.`,
    block(facts.error),
  );
}

/** A port cannot be made, however often it is tried. */
export function portImpossible(facts: {
  readonly ping: readonly string[];
  readonly target: string;
  readonly reason: string;
}): string {
  return `${ping(facts.ping)}I cannot port this to ${code(facts.target)} (${plain(facts.reason)}), and trying again would change nothing. Port it by hand.`;
}

/** Message of the one commit of a conflicting port of several commits (forward-port spec 8.1). */
export function conflictCommitMessage(facts: {
  readonly title: string;
  readonly source: string;
  readonly failed: { readonly sha: string; readonly subject: string };
  readonly output: string;
}): string {
  const { sha, subject } = facts.failed;
  return [
    `Conflict: ${facts.title}`,
    `This is ${facts.source} in one commit, with the conflicts it has here. The\ncommit which could not be picked is\n\n    ${sha.slice(0, 12)} ${subject}`,
    indent(facts.output.slice(0, 16_384)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Indented, so that nothing git prints is taken for a trailer. */
function indent(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => `    ${line}`.trimEnd())
    .join('\n')
    .trimEnd();
}
