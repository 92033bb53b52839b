import { close } from '../feedback/say.ts';
import { setLimit } from '../forwardport/limit.ts';
import { setPolicy } from '../forwardport/policy.ts';
import { matchesWhole } from '../lib/pattern.ts';
import { branchRefused, REJECTIONS } from '../messages/commands.ts';
import {
  ignoreIsOld,
  limitRefused,
  limitSet,
  policyRefused,
  policySet,
} from '../messages/forwardport-commands.ts';
import type { ForwardportPolicy } from '../models/batch.ts';
import { Branch } from '../models/branch.ts';
import { PortReminder } from '../models/port-reminder.ts';
import { Port } from '../models/port.ts';
import { PullRequest } from '../models/pull-request.ts';
import type { Command } from '../rules/commands.ts';
import { type Answer, type CommandContext, textKey } from './context.ts';

/** `fw=…` */
export async function setPolicyOf(
  { tx, pull, now }: CommandContext,
  policy: ForwardportPolicy,
): Promise<Answer> {
  const outcome = await setPolicy(tx, { pull, policy, now });
  if (outcome.kind === 'refused') return { rejection: policyRefused() };
  return { text: policySet({ outcome }) };
}

/** `up to <branch>` */
export async function setLimitOf(
  { tx, pull, project, text, now }: CommandContext,
  branch: string,
): Promise<Answer> {
  const current = await tx.findOneByOrFail(PullRequest, { id: pull.id });
  const { outcome, root, tip } = await setLimit(tx, {
    pull: current,
    branch,
    key: textKey(text),
    now,
  });
  if (outcome.kind === 'refused') return { rejection: limitRefused(outcome, branch) };
  return { text: limitSet({ outcome, bot: project.bot, root, tip }) };
}

/** `ignore`: the old word for a limit on the own target. */
export async function ignorePorts(context: CommandContext): Promise<Answer> {
  const answer = await setLimitOf(context, context.pull.base);
  if (answer.rejection !== undefined) return answer;
  const old = ignoreIsOld({ bot: context.project.bot });
  return { text: [answer.text, old].filter((one) => one !== undefined).join('\n\n') };
}

/** `close`: for ports, whose source's author usually may not close them at GitHub. */
export async function closePort({ tx, pull, text, now }: CommandContext): Promise<Answer> {
  if (pull.sourceId === null) return { rejection: REJECTIONS.closeOnPortsOnly };
  await close(tx, { at: pull, key: `${textKey(text)}/close`, now });
  return {};
}

/** `remindme:<branch>=<message>`: kept on the source, said on the port to that branch once it exists. */
export async function remindAt(
  { tx, pull, actor, project, repository }: CommandContext,
  { branch: name, message }: Extract<Command, { kind: 'remindme' }>,
): Promise<Answer> {
  const refused = (reason: Parameters<typeof branchRefused>[0]['reason']): Answer => ({
    rejection: branchRefused({ branch: name, reason }),
  });
  const branch = await tx.findOneBy(Branch, { projectId: project.id, name });
  if (!branch) return refused('unknown');
  if (!branch.active) return refused('disabled');
  const sourceId = pull.sourceId ?? pull.id;
  const ported = await tx.existsBy(Port, { sourceId, targetId: branch.id, state: 'opened' });
  if (ported) return refused('ported');
  const source = await tx.findOneByOrFail(PullRequest, { id: sourceId });
  const from = await tx.findOneBy(Branch, { id: source.targetId ?? 0 });
  const isLater = from !== null && branch.sequence > from.sequence; // oldest first
  if (!isLater || !matchesWhole(repository.branchFilter, name)) return refused('not-ported-to');
  await tx.insert(PortReminder, { sourceId, branchId: branch.id, personId: actor.id, message });
  return {};
}
