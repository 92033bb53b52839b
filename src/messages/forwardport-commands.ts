import type { LimitOutcome } from '../rules/forwardport-limit.ts';
import type { PolicyOutcome } from '../rules/forwardport-policy.ts';
import type { PortPolicy } from '../rules/commands.ts';
import { code } from './text.ts';

const POLICY_WORDS: Readonly<Record<PortPolicy, string>> = {
  default: 'ports follow the merge, each branch once the one before is green',
  no: 'no ports, and no further ones',
  skipci: 'ports follow the merge without waiting for CI in between',
  skipmerge: 'ports to all branches now, before the merge; this cannot be taken back',
};

/** A new port policy, and what it set going. */
export function policySet(facts: {
  readonly outcome: Extract<PolicyOutcome, { kind: 'set' }>;
}): string {
  const { policy, starts } = facts.outcome;
  const going =
    starts === 'port'
      ? ' I start porting now.'
      : starts === 'follow-up'
        ? ' I look at the waiting port again.'
        : '';
  return `Porting is ${code(`fw=${policy}`)} now: ${POLICY_WORDS[policy]}.${going}`;
}

/** Why a policy cannot be changed, for the list of rejections. */
export function policyRefused(): string {
  return '`fw=skipmerge` cannot be taken back: the ports exist.';
}

/** A limit that was set or changed, on the pull request of the command. */
export function limitSet(facts: {
  readonly outcome: Exclude<LimitOutcome, { kind: 'refused' }>;
  readonly bot: string;
  /** The root the family stems from; null when it is this pull request. */
  readonly root: string | null;
  readonly tip: string;
}): string {
  const { outcome } = facts;
  if (outcome.kind === 'set') return limitBeforeMerge(outcome, facts.bot);
  const what = facts.root === null ? 'This' : facts.root;
  const instead =
    outcome.insteadOf === null
      ? ''
      : `, not ${code(outcome.insteadOf)}, because ${facts.tip} exists: close it there if it is not wanted`;
  return `${what} is ported up to ${code(outcome.limit)}${instead}.${resumed(outcome.resume, facts)}`;
}

type Changed = Extract<LimitOutcome, { kind: 'changed' }>;

function resumed(
  resume: Changed['resume'],
  { bot, tip }: { readonly bot: string; readonly tip: string },
): string {
  if (resume === 'none') return '';
  if (resume === 'policy-no')
    return ` Nothing is ported while the policy is ${code('fw=no')}; ${code(`@${bot} fw=default`)} changes that.`;
  return resume === 'port' ? ` I go on from ${tip}.` : ` I go on from ${tip} once it is green.`;
}

function limitBeforeMerge(outcome: Extract<LimitOutcome, { kind: 'set' }>, bot: string): string {
  if (outcome.stops) return `This is not ported (its limit is ${code(outcome.limit)}).`;
  const policy = outcome.resetsPolicy
    ? ` That takes ${code('fw=no')} back; next time ${code(`@${bot} fw=default`)} does it.`
    : '';
  return `This is ported up to ${code(outcome.limit)}.${policy}`;
}

/** Told on source and root when the limit was changed elsewhere in the family. */
export function limitChangedElsewhere(facts: {
  readonly limit: string;
  readonly from: string;
}): string {
  return `The limit is ${code(facts.limit)} now; it was changed on ${facts.from}.`;
}

/** Why a limit cannot be set, for the list of rejections. */
export function limitRefused(
  outcome: Extract<LimitOutcome, { kind: 'refused' }>,
  branch: string,
): string {
  switch (outcome.reason) {
    case 'unknown-branch':
      return `${code(branch)} is no branch of this project.`;
    case 'disabled-branch':
      return `${code(branch)} is disabled.`;
    case 'tip-closed':
      return 'the last port of this chain is closed, so there is nothing to limit.';
    case 'port-running':
      return 'the next port is being made right now. Close it when it appears.';
  }
}

/** `ignore` still works, but has a better name. */
export function ignoreIsOld(facts: { readonly bot: string }): string {
  return `${code('ignore')} is the old form; ${code(`@${facts.bot} fw=no`)} says the same.`;
}
