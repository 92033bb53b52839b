import { addLabel, dropLabel, editLabel } from '../acts/labels.ts';
import { labelByName } from '../acts/repositories.ts';
import { notFound } from '../errors.ts';
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

function labelOf(call: Call, repository: Repository): Label {
  const label = labelByName(repository, param(call, 'name'));
  if (!label) throw notFound();
  return label;
}

function newLabel(call: Call): Reply {
  const repository = repositoryOf(call, 'triage');
  const label = addLabel(call.sim, repository, {
    name: needText(call, 'name', 'Label'),
    color: text(call, 'color'),
    description: text(call, 'description') ?? null,
    by: caller(call),
  });
  return created(labelJson(call, repository, label));
}

function changeLabel(call: Call): Reply {
  const repository = repositoryOf(call, 'triage');
  const label = labelOf(call, repository);
  editLabel(call.sim, repository, {
    label,
    name: text(call, 'new_name'),
    color: text(call, 'color'),
    description: text(call, 'description'),
    by: caller(call),
  });
  return ok(labelJson(call, repository, label));
}

function deleteLabel(call: Call): Reply {
  const repository = repositoryOf(call, 'triage');
  dropLabel(call.sim, repository, { label: labelOf(call, repository), by: caller(call) });
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
  route('PATCH', `${LABELS}/{name}`, 'issues/update-label', changeLabel),
  route('DELETE', `${LABELS}/{name}`, 'issues/delete-label', deleteLabel),
];
