import { changeLabels } from '../feedback/say.ts';
import { sha } from '../lib/ids.ts';
import { PullRequest } from '../models/pull-request.ts';
import type { UpdateScene } from './updating.ts';
import type { Run } from '../world.ts';

/** Takes the `conflict` label off a port whose new head has no marker left (R26). */
export async function refreshConflict(
  run: Run,
  { pull, repository, project }: UpdateScene,
): Promise<void> {
  const clone = await run.world.clone(project.name, repository, 'forwardport');
  const head = sha(pull.head);
  const outcome = await clone.fetch({ branches: [pull.base], shas: [head] });
  const target = outcome.kind === 'fetched' ? outcome.heads.get(pull.base) : undefined;
  if (target === undefined) throw new Error(`cannot fetch ${pull.base} and ${head}`);
  if (await clone.hasConflictMarkers(head, target)) return;
  await run.transaction(async (tx) => {
    const still = { id: pull.id, head: pull.head };
    await tx.update(PullRequest, still, { conflict: false });
    await changeLabels(tx, { at: pull, now: run.now, remove: ['conflict'] });
  });
}
