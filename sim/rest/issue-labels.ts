import { addLabels, removeLabels } from '../acts/issues.ts';
import { setLabels } from '../acts/labels.ts';
import { labelByName } from '../acts/repositories.ts';
import { Refused } from '../errors.ts';
import { caller, DONE, ok, paged, param, texts, type Call, type Reply } from '../http/call.ts';
import { route } from '../http/router.ts';
import { labelsJson } from '../json/issue.ts';
import { issueOf, AT } from './issue.ts';

function labelNames(call: Call): string[] {
  return texts(Array.isArray(call.raw) ? call.raw : call.body['labels']) ?? [];
}

async function addIssueLabels(call: Call): Promise<Reply> {
  const { repository, issue } = issueOf(call, 'triage');
  await addLabels(call.sim, repository, { issue, names: labelNames(call), by: caller(call) });
  return ok(labelsJson(call, repository, issue.labels));
}

async function setIssueLabels(call: Call): Promise<Reply> {
  const { repository, issue } = issueOf(call, 'triage');
  const names = call.method === 'DELETE' ? [] : labelNames(call);
  await setLabels(call.sim, repository, { issue, names, by: caller(call) });
  return call.method === 'DELETE' ? DONE : ok(labelsJson(call, repository, issue.labels));
}

async function removeIssueLabel(call: Call): Promise<Reply> {
  const { repository, issue } = issueOf(call, 'triage');
  const label = labelByName(repository, param(call, 'name'));
  if (!label || !issue.labels.includes(label.id)) throw new Refused(404, 'Label does not exist');
  await removeLabels(call.sim, repository, { issue, labels: [label], by: caller(call) });
  return ok(labelsJson(call, repository, issue.labels));
}

export const issueLabelRoutes = [
  route('GET', `${AT}/{issue_number}/labels`, 'issues/list-labels-on-issue', (call) => {
    const { repository, issue } = issueOf(call);
    return paged(call, labelsJson(call, repository, issue.labels));
  }),
  route('POST', `${AT}/{issue_number}/labels`, 'issues/add-labels', addIssueLabels),
  route('PUT', `${AT}/{issue_number}/labels`, 'issues/set-labels', setIssueLabels),
  route('DELETE', `${AT}/{issue_number}/labels`, 'issues/remove-all-labels', setIssueLabels),
  route('DELETE', `${AT}/{issue_number}/labels/{name}`, 'issues/remove-label', removeIssueLabel),
];
