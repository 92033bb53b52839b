import type { GitHub } from '../github/gateway.ts';
import { type Done, settle, settleFailure } from './outcome.ts';

/** Label changes of one pull request, folded to what is left of them. */
export interface Labels {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** Folds changes in their order: for each label the last word counts. GitHub does not tell labels apart by case. */
export function foldLabels(changes: readonly Labels[]): Labels {
  const last = new Map<string, { readonly name: string; readonly on: boolean }>();
  for (const { add, remove } of changes) {
    for (const name of remove) last.set(name.toLowerCase(), { name, on: false });
    for (const name of add) last.set(name.toLowerCase(), { name, on: true });
  }
  const names = (on: boolean) =>
    [...last.values()].filter((one) => one.on === on).map((one) => one.name);
  return { add: names(true), remove: names(false) };
}

/** Puts labels on and takes labels off; what others put there stays. Doing it twice does no harm. */
export async function changeLabelsAt(
  github: GitHub,
  { repository, number }: { readonly repository: string; readonly number: number },
  labels: Labels,
): Promise<Done> {
  try {
    // `gone` is good here: the label was not on the pull request
    for (const label of labels.remove) settle(await github.removeLabel(repository, number, label));
    return settle(await github.addLabels(repository, number, labels.add));
  } catch (error) {
    return settleFailure(error);
  }
}
