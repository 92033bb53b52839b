import { createLabel, labelByName } from '../acts/repositories.ts';
import { invalid, notFound } from '../errors.ts';
import {
  caller,
  created,
  DONE,
  needText,
  ok,
  paged,
  param,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { labelJson } from '../json/issue.ts';
import type { Label, Repository } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';

function labelOf(call: Call, repository: Repository): Label {
  const label = labelByName(repository, param(call, 'name'));
  if (!label) throw notFound();
  return label;
}

function tellLabel(
  call: Call,
  repository: Repository,
  what: { label: Label; action: string; changes?: unknown },
): void {
  const payload = {
    label: labelJson(call, repository, what.label),
    ...(what.changes === undefined ? {} : { changes: what.changes }),
  };
  emit(call.sim, {
    event: 'label',
    action: what.action,
    repository,
    sender: caller(call),
    payload,
  });
}

function newLabel(call: Call): Reply {
  const repository = repositoryOf(call, 'triage');
  const label = createLabel(call.sim, repository, {
    name: needText(call, 'name', 'Label'),
    color: text(call, 'color'),
    description: text(call, 'description') ?? null,
  });
  tellLabel(call, repository, { label, action: 'created' });
  return created(labelJson(call, repository, label));
}

function editLabel(call: Call): Reply {
  const repository = repositoryOf(call, 'triage');
  const label = labelOf(call, repository);
  const name = text(call, 'new_name');
  const changes: Record<string, unknown> = {};
  if (name !== undefined && name !== label.name) {
    if (labelByName(repository, name) && labelByName(repository, name) !== label)
      throw invalid({ resource: 'Label', field: 'name', code: 'already_exists' });
    changes['name'] = { from: label.name };
    label.name = name;
  }
  label.color = text(call, 'color') ?? label.color;
  label.description = text(call, 'description') ?? label.description;
  tellLabel(call, repository, { label, action: 'edited', changes });
  return ok(labelJson(call, repository, label));
}

function deleteLabel(call: Call): Reply {
  const repository = repositoryOf(call, 'triage');
  const label = labelOf(call, repository);
  repository.labels.delete(label.id);
  for (const issue of repository.issues.values())
    issue.labels = issue.labels.filter((id) => id !== label.id);
  tellLabel(call, repository, { label, action: 'deleted' });
  return DONE;
}

const LABELS = '/repos/{owner}/{repo}/labels';

export const labelRoutes = [
  route('GET', LABELS, 'issues/list-labels-for-repo', (call) => {
    const repository = repositoryOf(call);
    return paged(
      call,
      [...repository.labels.values()].map((one) => labelJson(call, repository, one)),
    );
  }),
  route('POST', LABELS, 'issues/create-label', newLabel),
  route('GET', `${LABELS}/{name}`, 'issues/get-label', (call) => {
    const repository = repositoryOf(call);
    return ok(labelJson(call, repository, labelOf(call, repository)));
  }),
  route('PATCH', `${LABELS}/{name}`, 'issues/update-label', editLabel),
  route('DELETE', `${LABELS}/{name}`, 'issues/delete-label', deleteLabel),
];
