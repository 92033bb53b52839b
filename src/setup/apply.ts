import type { EntityManager } from 'typeorm';
import type { Config } from '../lib/config.ts';
import { CRON_NAMES } from '../triggers/names.ts';
import { applyBranches } from './apply/branches.ts';
import { applyPeople } from './apply/people.ts';
import { applyProject, retireProjects } from './apply/project.ts';
import { applyRepositories } from './apply/repositories.ts';
import { applyRules } from './apply/rules.ts';
import { type Applying, type Change, note } from './change.ts';

const LOCK = 7_210_412; // any number: two processes that start together apply one after the other

/**
 * Makes the database say what the configuration file says, and answers what had to change. Doing it again changes
 * nothing. Switches and states are nobody's but the people's who set them: they are never touched. What is no longer
 * listed becomes inactive and keeps its history. Secrets stay in the file.
 *
 * @param options.dryRun changes nothing and gives the same answer.
 * @throws {@link UserError} when a repository would have to change its project.
 */
export async function applyConfig(
  tx: EntityManager,
  config: Pick<Config, 'projects' | 'server'>,
  options: { readonly now: Date; readonly dryRun?: boolean },
): Promise<Change[]> {
  await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
  await tx.query('savepoint apply_config');
  const applying: Applying = { tx, now: options.now, changes: [] };
  await applyAll(applying, config);
  if (options.dryRun) await tx.query('rollback to savepoint apply_config');
  return applying.changes;
}

async function applyAll(
  applying: Applying,
  { projects, server }: Pick<Config, 'projects' | 'server'>,
): Promise<void> {
  await addCrons(applying);
  for (const project of projects) {
    const id = await applyProject(applying, { ...project, pagesUrl: server.url });
    await applyBranches(applying, { id, ...project });
    await applyRepositories(applying, { id, ...project });
    await applyPeople(applying, { id, ...project });
    await applyRules(applying, { id, ...project });
  }
  await retireProjects(applying, new Set(projects.map((project) => project.name)));
}

async function addCrons(applying: Applying): Promise<void> {
  const rows = await applying.tx.query<{ name: string }[]>(
    'insert into cron (name) select unnest($1::text[]) on conflict do nothing returning name',
    [CRON_NAMES],
  );
  for (const { name } of rows)
    await note(applying, { action: 'add', object: `cron:${name}`, before: null, after: null });
}
