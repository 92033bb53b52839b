import type { ProjectConfig } from '../../lib/config.ts';
import { Project, type ProjectSettings } from '../../models/project.ts';
import { type Applying, difference, note } from '../change.ts';
import { listing, resume, retire } from './listing.ts';

/** Writes a project's own row. @returns its id. */
export async function applyProject(
  applying: Applying,
  config: ProjectConfig & { readonly pagesUrl: string },
): Promise<number> {
  const { tx } = applying;
  const object = `project:${config.name}`;
  const wanted = { bot: config.bot, settings: settingsOf(config) };
  const known = await tx.findOneBy(Project, { name: config.name });
  if (!known) {
    const added = await tx.insert(Project, { name: config.name, ...wanted });
    await note(applying, { action: 'add', object, before: null, after: wanted });
    return (added.identifiers[0] as { id: number }).id;
  }
  const changed = difference(known, wanted);
  if (changed) {
    await tx.update(Project, known.id, wanted);
    await note(applying, { action: 'change', object, ...changed });
  }
  await resume(applying, listing('project', object, known));
  return known.id;
}

/** Makes projects inactive that the file no longer names. */
export async function retireProjects(
  applying: Applying,
  listed: ReadonlySet<string>,
): Promise<void> {
  for (const project of await applying.tx.find(Project, { order: { id: 'asc' } })) {
    if (listed.has(project.name)) continue;
    await retire(applying, listing('project', `project:${project.name}`, project));
  }
}

/** Field by field, so that nothing of the file gets into the database that was not meant to, least of all a secret. */
function settingsOf(config: ProjectConfig & { readonly pagesUrl: string }): ProjectSettings {
  const { staging, forwardport, reminders, reviewApproves, pagesUrl } = config;
  const { from, review, selfReview, overrides, admin } = config.rights;
  return {
    staging: {
      batchLimit: staging.batchLimit,
      timeoutMs: staging.timeoutMs,
      startTimeoutMs: staging.startTimeoutMs,
      priority: staging.priority,
      latenessLimit: staging.latenessLimit,
      uniquifier: staging.uniquifier,
    },
    forwardport: {
      enabled: forwardport.enabled,
      retryAfterMs: forwardport.retryAfterMs,
      retries: forwardport.retries,
      branchRemovalAfterMs: forwardport.branchRemovalAfterMs,
    },
    reminders: { afterMs: reminders.afterMs, schedule: reminders.schedule, at: reminders.at },
    reviewApproves,
    rights: { from, review, selfReview, overrides, admin },
    approverEmail: config.approverEmail,
    bots: config.bots,
    apps: config.apps,
    pagesUrl,
  };
}
