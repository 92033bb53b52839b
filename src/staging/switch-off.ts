import type { EntityManager } from 'typeorm';
import { writeAudit } from '../ledger/audit.ts';
import { Branch } from '../models/branch.ts';
import { Project } from '../models/project.ts';

/** Switches staging off on a branch where the next staging would be refused like the last one (spec 5.8). */
export async function switchOff(
  tx: EntityManager,
  { branchId, reason, now }: { branchId: number; reason: string; now: Date },
): Promise<void> {
  const branch = await tx.findOneByOrFail(Branch, { id: branchId });
  const project = await tx.findOneByOrFail(Project, { id: branch.projectId });
  await tx.update(Branch, branchId, { stagingEnabled: false });
  await writeAudit(tx, {
    at: now,
    actor: 'stagecoach',
    via: 'cron',
    action: 'branch.switch',
    object: `branch:${project.name}/${branch.name}`,
    before: { staging_enabled: true },
    after: { staging_enabled: false },
    reason,
  });
}
