import { editIssue } from '../../acts/edit-issue.ts';
import { assign, setAssignees, setMilestone } from '../../acts/involve.ts';
import { addLabels, createIssue, removeLabels, setIssueState, tell } from '../../acts/issues.ts';
import { addLabel, dropLabel, editLabel, setLabels } from '../../acts/labels.ts';
import { fields, mustHave, textArg, textsArg, type Args, type Context } from '../context.ts';
import {
  issueNode,
  labelNode,
  type IssueNode,
  type LabelNode,
  type MilestoneNode,
  type UserNode,
} from '../nodes.ts';
import { mutation, need, needIssue, needRepository } from './mutate.ts';

/** Refuses who neither wrote the issue nor has a right there. */
export function mayTriage(context: Context, { repository, issue }: IssueNode): void {
  if (issue.authorId !== context.user.id) mustHave(context, repository, 'triage');
}

async function labelsOf(context: Context, ids: readonly string[]): Promise<LabelNode[]> {
  return Promise.all(ids.map((id) => need<LabelNode>(context, id, ['Label'])));
}

async function userIds(context: Context, ids: readonly string[]): Promise<number[]> {
  const users = ids.map((id) => need<UserNode>(context, id, ['User', 'Bot']));
  return (await Promise.all(users)).map((one) => one.user.id);
}

/** Labels, assignees and milestone as the input of many mutations has them; what is left out stays. */
export async function setInvolved(
  context: Context,
  { repository, issue }: IssueNode,
  input: Args,
): Promise<void> {
  const { sim, user: by } = context;
  const { labelIds, assigneeIds, milestoneId } = input;
  if (labelIds == null && assigneeIds == null && milestoneId === undefined) return;
  mustHave(context, repository, 'triage');
  if (labelIds != null) {
    const labels = await labelsOf(context, textsArg(input, 'labelIds'));
    const names = labels.map((one) => one.label.name);
    await setLabels(sim, repository, { issue, names, by });
  }
  if (assigneeIds != null) {
    const ids = await userIds(context, textsArg(input, 'assigneeIds'));
    await setAssignees(sim, repository, { issue, ids, by });
  }
  if (milestoneId === undefined) return;
  const found =
    milestoneId === null ? null : await need<MilestoneNode>(context, milestoneId, ['Milestone']);
  await setMilestone(sim, repository, { issue, number: found?.milestone.number ?? null, by });
}

async function changeAssignees(input: Args, context: Context, adds: boolean) {
  const { repository, issue } = await needIssue(context, input['assignableId']);
  mustHave(context, repository, 'triage');
  for (const id of await userIds(context, textsArg(input, 'assigneeIds')))
    await assign(context.sim, repository, { issue, id, adds, by: context.user });
  return { assignable: issueNode(repository, issue) };
}

async function changeLock(input: Args, context: Context, locks: boolean) {
  const { repository, issue } = await needIssue(context, input['lockableId']);
  mustHave(context, repository, 'write');
  issue.locked = locks;
  const action = locks ? 'locked' : 'unlocked';
  await tell(context.sim, repository, { issue, action, by: context.user });
  return {
    lockedRecord: issueNode(repository, issue),
    unlockedRecord: issueNode(repository, issue),
  };
}

export const issueMutations = fields<unknown>({
  createIssue: mutation(async (input, context) => {
    const { repository } = await needRepository(context, input['repositoryId']);
    const issue = await createIssue(context.sim, repository, {
      title: textArg(input, 'title') ?? '',
      body: textArg(input, 'body') ?? null,
      by: context.user,
    });
    const node = issueNode(repository, issue);
    await setInvolved(context, node, input);
    return { issue: node };
  }),
  updateIssue: mutation(async (input, context) => {
    const source = await needIssue(context, input['id']);
    mayTriage(context, source);
    const state = textArg(input, 'state');
    await editIssue(context.sim, source.repository, {
      issue: source.issue,
      by: context.user,
      title: textArg(input, 'title'),
      body: textArg(input, 'body'),
      state: state === 'OPEN' ? 'open' : state === 'CLOSED' ? 'closed' : undefined,
    });
    await setInvolved(context, source, input);
    return { issue: source, actor: { __typename: context.user.type, user: context.user } };
  }),
  closeIssue: mutation(async (input, context) => {
    const { repository, issue } = await needIssue(context, input['issueId']);
    mayTriage(context, issueNode(repository, issue));
    const reason = textArg(input, 'stateReason') === 'NOT_PLANNED' ? 'not_planned' : 'completed';
    const change = { issue, state: 'closed', by: context.user, reason } as const;
    await setIssueState(context.sim, repository, change);
    return { issue: issueNode(repository, issue) };
  }),
  reopenIssue: mutation(async (input, context) => {
    const { repository, issue } = await needIssue(context, input['issueId']);
    mayTriage(context, issueNode(repository, issue));
    await setIssueState(context.sim, repository, { issue, state: 'open', by: context.user });
    return { issue: issueNode(repository, issue) };
  }),
  addAssigneesToAssignable: mutation((input, context) => changeAssignees(input, context, true)),
  removeAssigneesFromAssignable: mutation((input, context) =>
    changeAssignees(input, context, false),
  ),
  lockLockable: mutation((input, context) => changeLock(input, context, true)),
  unlockLockable: mutation((input, context) => changeLock(input, context, false)),
  addLabelsToLabelable: mutation(async (input, context) => {
    const { repository, issue } = await needIssue(context, input['labelableId']);
    mustHave(context, repository, 'triage');
    const labels = await labelsOf(context, textsArg(input, 'labelIds'));
    const names = labels.map((one) => one.label.name);
    await addLabels(context.sim, repository, { issue, names, by: context.user });
    return { labelable: issueNode(repository, issue) };
  }),
  removeLabelsFromLabelable: mutation(async (input, context) => {
    const { repository, issue } = await needIssue(context, input['labelableId']);
    mustHave(context, repository, 'triage');
    const labels = (await labelsOf(context, textsArg(input, 'labelIds'))).map((one) => one.label);
    await removeLabels(context.sim, repository, { issue, labels, by: context.user });
    return { labelable: issueNode(repository, issue) };
  }),
  clearLabelsFromLabelable: mutation(async (input, context) => {
    const { repository, issue } = await needIssue(context, input['labelableId']);
    mustHave(context, repository, 'triage');
    await setLabels(context.sim, repository, { issue, names: [], by: context.user });
    return { labelable: issueNode(repository, issue) };
  }),
  createLabel: mutation(async (input, context) => {
    const { repository } = await needRepository(context, input['repositoryId']);
    mustHave(context, repository, 'triage');
    const label = addLabel(context.sim, repository, {
      name: textArg(input, 'name') ?? '',
      color: textArg(input, 'color'),
      description: textArg(input, 'description') ?? null,
      by: context.user,
    });
    return { label: labelNode(repository, label) };
  }),
  updateLabel: mutation(async (input, context) => {
    const { repository, label } = await need<LabelNode>(context, input['id'], ['Label']);
    mustHave(context, repository, 'triage');
    editLabel(context.sim, repository, {
      label,
      name: textArg(input, 'name'),
      color: textArg(input, 'color'),
      description: textArg(input, 'description'),
      by: context.user,
    });
    return { label: labelNode(repository, label) };
  }),
  deleteLabel: mutation(async (input, context) => {
    const { repository, label } = await need<LabelNode>(context, input['id'], ['Label']);
    mustHave(context, repository, 'triage');
    dropLabel(context.sim, repository, { label, by: context.user });
    return {};
  }),
});
