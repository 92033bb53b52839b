import { invalid } from '../errors.ts';
import { labelJson } from '../json/issue.ts';
import type { Json } from '../json/user.ts';
import type { Sim } from '../sim.ts';
import type { Issue, Label, Repository, User } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import { addLabels, removeLabels } from './issues.ts';
import { createLabel, labelByName } from './repositories.ts';

/** Makes a label and tells of it. @throws Refused 422 for a name that is taken, empty or too long. */
export function addLabel(
  sim: Sim,
  repository: Repository,
  wanted: { name: string; color?: string | undefined; description: string | null; by: User },
): Label {
  const label = createLabel(sim, repository, wanted);
  tellLabel(sim, repository, { label, action: 'created', by: wanted.by });
  return label;
}

/** Changes a label and tells of it. @throws Refused 422 when another has the name. */
export function editLabel(
  sim: Sim,
  repository: Repository,
  change: {
    label: Label;
    name?: string | undefined;
    color?: string | undefined;
    description?: string | undefined;
    by: User;
  },
): void {
  const { label, name, by } = change;
  const changes: Json = {};
  if (name !== undefined && name !== label.name) {
    if ((labelByName(repository, name) ?? label) !== label)
      throw invalid({ resource: 'Label', field: 'name', code: 'already_exists' });
    changes['name'] = { from: label.name };
    label.name = name;
  }
  label.color = change.color ?? label.color;
  label.description = change.description ?? label.description;
  tellLabel(sim, repository, { label, action: 'edited', by, more: { changes } });
}

/** Deletes a label, from every issue too, and tells of it. */
export function dropLabel(
  sim: Sim,
  repository: Repository,
  { label, by }: { label: Label; by: User },
): void {
  repository.labels.delete(label.id);
  for (const issue of repository.issues.values())
    issue.labels = issue.labels.filter((id) => id !== label.id);
  tellLabel(sim, repository, { label, action: 'deleted', by });
}

/** Gives an issue just these labels; the events tell what came and what went. */
export async function setLabels(
  sim: Sim,
  repository: Repository,
  what: { issue: Issue; names: readonly string[]; by: User },
): Promise<void> {
  const { issue, names, by } = what;
  const keep = names.map((name) => name.toLowerCase());
  const gone = issue.labels
    .flatMap((id) => repository.labels.get(id) ?? [])
    .filter((one) => !keep.includes(one.name.toLowerCase()));
  await removeLabels(sim, repository, { issue, labels: gone, by });
  await addLabels(sim, repository, { issue, names, by });
}

function tellLabel(
  sim: Sim,
  repository: Repository,
  what: { label: Label; action: string; by: User; more?: Json },
): void {
  const label = labelJson({ sim, state: sim.state }, repository, what.label);
  const { action, by: sender } = what;
  emit(sim, { event: 'label', action, repository, sender, payload: { label, ...what.more } });
}
