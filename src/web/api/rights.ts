import type { FastifyInstance } from 'fastify';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { accessTable, changeBetween, RIGHTS, ROLES } from '../../rules/access-table.ts';
import { accessRules } from '../../models/queries/access-rules.ts';
import { requireAdmin } from '../access.ts';
import { audit } from '../audit.ts';
import type { Caller } from '../caller.ts';
import { reasonShape } from '../input.ts';
import { viewRights } from '../queries/rights.ts';
import type { RightView } from '../queries/rights.ts';
import { found } from '../refusal.ts';
import type { Site } from '../site.ts';

const params = z.object({ project: z.string().max(100), command: z.string().max(100) });
const changeShape = z.strictObject({ roles: z.array(z.enum(ROLES)), reason: reasonShape });
const resetShape = z.strictObject({ reason: reasonShape });

/** The table of rights of a project (R15): read by everybody, changed by its admins. */
export function installRights(app: FastifyInstance, site: Site): void {
  app.get('/api/projects/:project/rights', async (request) => {
    const { project } = params.pick({ project: true }).parse(request.params);
    const row = found(await findProject(site, project), 'project');
    return { items: await viewRights(site.db, row.id) };
  });
  app.patch('/api/projects/:project/rights/:command', async (request) => {
    const right = await open(site, request);
    const { roles, reason } = changeShape.parse(request.body);
    return change(site, { ...right, roles, reason });
  });
  app.delete('/api/projects/:project/rights/:command', async (request) => {
    const right = await open(site, request);
    const { reason } = resetShape.parse(request.body);
    return change(site, { ...right, roles: null, reason });
  });
}

interface Right {
  readonly caller: Caller;
  readonly project: { readonly id: number; readonly name: string };
  readonly command: (typeof RIGHTS)[number]['name'];
}

async function open(
  site: Site,
  request: { readonly params: unknown; readonly caller: Caller },
): Promise<Right> {
  const given = params.parse(request.params);
  const project = found(await findProject(site, given.project), 'project');
  await requireAdmin(site, request.caller, project.id);
  const row = RIGHTS.find((one) => one.name === given.command);
  return { caller: request.caller, project, command: found(row, 'command').name };
}

async function findProject({ db }: Site, name: string): Promise<Right['project'] | undefined> {
  const rows = await db.query<Right['project'][]>('select id, name from project where name = $1', [
    name,
  ]);
  return rows[0];
}

interface Wanted extends Right {
  /** Null: what the file and the defaults say. */
  readonly roles: (typeof ROLES)[number][] | null;
  readonly reason: string;
}

function change({ db, clock }: Site, wanted: Wanted): Promise<RightView> {
  const { caller, project, command, roles, reason } = wanted;
  return db.transaction(async (tx) => {
    await tx.query('select from project where id = $1 for update', [project.id]);
    const before = accessTableNow(await accessRules(tx, project.id), command);
    await store(tx, wanted);
    const view = found(
      (await viewRights(tx, project.id)).find((one) => one.command === command),
      'command',
    );
    await audit(tx, {
      ...{ caller, now: clock.now(), reason, object: `command:${project.name}/${command}` },
      action: roles === null ? 'rights.reset' : 'rights.change',
      ...{ before: { roles: before }, after: { roles: view.roles } },
    });
    return view;
  });
}

function accessTableNow(
  { file, local }: Awaited<ReturnType<typeof accessRules>>,
  command: Right['command'],
): readonly string[] {
  return accessTable(file, local)[command];
}

/** Kept as the difference from what the file makes of the defaults: a later change of those still counts. */
async function store(tx: EntityManager, { project, command, roles }: Wanted): Promise<void> {
  const key = [project.id, command];
  await tx.query(
    `delete from command_rule where project_id = $1 and command = $2 and origin = 'local'`,
    key,
  );
  if (roles === null) return;
  const { file } = await accessRules(tx, project.id);
  const { add, remove } = changeBetween(accessTable(file)[command], roles);
  await tx.query(
    `insert into command_rule (project_id, command, origin, add, remove)
     values ($1, $2, 'local', $3, $4)`,
    [...key, JSON.stringify(add), JSON.stringify(remove)],
  );
}
