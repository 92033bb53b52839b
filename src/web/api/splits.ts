import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requireAdmin } from '../access.ts';
import { audit } from '../audit.ts';
import { reasonShape } from '../input.ts';
import { found } from '../refusal.ts';
import type { Site } from '../site.ts';

/** How the search for a culprit goes on a branch. */
interface SplitPolicy {
  readonly on_fail: 'nothing' | 'join' | 'delete';
  readonly depth_first: boolean;
}

const branchShape = z.object({ project: z.string(), branch: z.string() });
const policyShape = z
  .strictObject({
    on_fail: z.enum(['nothing', 'join', 'delete']).optional(),
    depth_first: z.boolean().optional(),
    reason: reasonShape,
  })
  .refine((to) => to.on_fail !== undefined || to.depth_first !== undefined, {
    message: 'nothing to change: give on_fail or depth_first',
  });

/** Which half of a red staging is tried next on a branch, and what becomes of the rest once a culprit is found. */
export function installSplits(app: FastifyInstance, site: Site): void {
  app.patch('/api/projects/:project/branches/:branch/splits', (request) => change(site, request));
}

async function change(
  site: Site,
  { params, body, caller }: FastifyRequest,
): Promise<SplitPolicy & { name: string }> {
  const wanted = branchShape.parse(params);
  const branch = found(await findBranch(site, wanted), 'branch');
  await requireAdmin(site, caller, branch.projectId);
  const to = policyShape.parse(body);
  const name = `${wanted.project}/${wanted.branch}`;
  return site.db.transaction(async (tx) => {
    const [before] = await tx.query<SplitPolicy[]>(
      'select on_fail, depth_first from branch where id = $1 for update',
      [branch.id],
    );
    const [rows] = await tx.query<[SplitPolicy[], number]>(
      `update branch set on_fail = coalesce($2, on_fail), depth_first = coalesce($3, depth_first)
        where id = $1 returning on_fail, depth_first`,
      [branch.id, to.on_fail ?? null, to.depth_first ?? null],
    );
    const after = found(rows[0], 'branch');
    const change = { action: 'branch.splits', object: `branch:${name}`, before, after };
    await audit(tx, { caller, now: site.clock.now(), ...change, reason: to.reason });
    return { name, ...after };
  });
}

async function findBranch(
  { db }: Site,
  { project, branch }: z.infer<typeof branchShape>,
): Promise<{ id: number; projectId: number } | undefined> {
  const rows = await db.query<{ id: number; projectId: number }[]>(
    `select b.id, p.id as "projectId" from branch b join project p on p.id = b.project_id
      where p.name = $1 and b.name = $2`,
    [project, branch],
  );
  return rows[0];
}
