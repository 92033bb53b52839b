import { IsNull, MoreThanOrEqual } from 'typeorm';
import { changeLabelsAt, foldLabels } from '../feedback/labels.ts';
import { LabelChange } from '../models/queues.ts';
import { repositoryNames } from '../models/queries/repository-names.ts';
import { LINES } from '../triggers/table.ts';
import type { Run } from '../world.ts';
import { drain, type Queue } from './drain.ts';
import { USUAL_RETRY } from './usual-retry.ts';

const labelQueue: Queue<LabelChange> = {
  table: 'label_change',
  entity: LabelChange,
  lineOf: LINES.label_change,
  ...USUAL_RETRY,
};

/** Changes labels, all waiting changes of a pull request at once. */
export function changeLabels(run: Run): Promise<void> {
  return drain(run, labelQueue, async (row, finish) => {
    const { db } = run.world;
    const rows = await waiting(run, row);
    const { repository, project } = await repositoryNames(db.manager, row.repositoryId);
    const place = { repository, number: row.number };
    await changeLabelsAt(run.world.github(project), place, foldLabels(rows));
    await finish(async (tx) => {
      await tx.delete(
        LabelChange,
        rows.map((one) => one.id),
      );
    });
  });
}

/** The row and those behind it in its line, oldest first. */
function waiting(run: Run, { id, repositoryId, number }: LabelChange): Promise<LabelChange[]> {
  return run.world.db.manager.find(LabelChange, {
    where: { id: MoreThanOrEqual(id), repositoryId, number, deadAt: IsNull() },
    order: { id: 'asc' },
  });
}
