import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { requireAdmin } from '../access.ts';
import { audit } from '../audit.ts';
import type { Caller } from '../caller.ts';
import { expectedShape, reasonShape, refuseStale } from '../input.ts';
import { found } from '../refusal.ts';
import type { Site } from '../site.ts';

/** A project or branch. */
interface SwitchRow {
  readonly id: number;
  readonly projectId: number;
  readonly name: string;
}

/** Its two switches. */
interface Switches {
  readonly active: boolean;
  readonly staging_enabled: boolean;
}

const switchShape = z
  .strictObject({
    staging_enabled: z.boolean().optional(),
    active: z.boolean().optional(),
    reason: reasonShape,
    expected: expectedShape({ staging_enabled: z.boolean(), active: z.boolean() }),
  })
  .refine((to) => to.active !== undefined || to.staging_enabled !== undefined, {
    message: 'nothing to change: give active or staging_enabled',
  });
type Switch = z.infer<typeof switchShape>;

/** Switches of projects and branches. The rows' triggers wake whatever may now go on. */
export function installProjects(app: FastifyInstance, site: Site): void {
  app.get('/api/projects', () => listProjects(site));
  app.patch('/api/projects/:project', async (request) => {
    const { project } = z.object({ project: z.string() }).parse(request.params);
    const row = found(await findProject(site, project), 'project');
    await requireAdmin(site, request.caller, row.projectId);
    const to = switchShape.parse(request.body);
    return turn(site, { caller: request.caller, table: 'project', row, to });
  });
  app.patch('/api/projects/:project/branches/:branch', async (request) => {
    const shape = z.object({ project: z.string(), branch: z.string() });
    const { project, branch } = shape.parse(request.params);
    const row = found(await findBranch(site, project, branch), 'branch');
    await requireAdmin(site, request.caller, row.projectId);
    const to = switchShape.parse(request.body);
    return turn(site, { caller: request.caller, table: 'branch', row, to });
  });
}

async function listProjects({ db }: Site): Promise<{ items: unknown[] }> {
  const items = await db.query<unknown[]>(
    `select p.name, p.active, p.staging_enabled, p.frozen,
            (select coalesce(json_agg(json_build_object('name', b.name, 'active', b.active,
                'staging_enabled', b.staging_enabled) order by b.sequence), '[]')
               from branch b where b.project_id = p.id) as branches,
            (select coalesce(json_agg(r.name order by r.sequence), '[]')
               from repository r where r.project_id = p.id and r.active) as repositories
       from project p order by p.name`,
  );
  return { items };
}

async function findProject({ db }: Site, name: string): Promise<SwitchRow | undefined> {
  const rows = await db.query<SwitchRow[]>(
    'select id, id as "projectId", name from project where name = $1',
    [name],
  );
  return rows[0];
}

/** `name` is `project/branch`, as in the audit log. */
async function findBranch(
  { db }: Site,
  project: string,
  branch: string,
): Promise<SwitchRow | undefined> {
  const rows = await db.query<SwitchRow[]>(
    `select b.id, p.id as "projectId", p.name || '/' || b.name as name
       from branch b join project p on p.id = b.project_id where p.name = $1 and b.name = $2`,
    [project, branch],
  );
  return rows[0];
}

interface Turn {
  readonly caller: Caller;
  readonly table: 'project' | 'branch';
  readonly row: SwitchRow;
  readonly to: Switch;
}

const LOCKS = {
  project: 'select active, staging_enabled from project where id = $1 for no key update',
  branch: 'select active, staging_enabled from branch where id = $1 for no key update',
} as const;

const UPDATES = {
  project:
    'update project set active = coalesce($2, active), staging_enabled = coalesce($3, staging_enabled) where id = $1 returning active, staging_enabled',
  branch:
    'update branch set active = coalesce($2, active), staging_enabled = coalesce($3, staging_enabled) where id = $1 returning active, staging_enabled',
} as const;

async function turn({ db, clock }: Site, { caller, table, row, to }: Turn): Promise<unknown> {
  return db.transaction(async (tx) => {
    const before = found((await tx.query<Switches[]>(LOCKS[table], [row.id]))[0], table);
    refuseStale(before, to.expected);
    const [rows] = await tx.query<[Switches[], number]>(UPDATES[table], [
      row.id,
      to.active ?? null,
      to.staging_enabled ?? null,
    ]);
    const after = found(rows[0], table);
    const change = { action: `${table}.switch`, object: `${table}:${row.name}`, before, after };
    await audit(tx, { caller, now: clock.now(), ...change, reason: to.reason });
    return { name: row.name, ...after };
  });
}
