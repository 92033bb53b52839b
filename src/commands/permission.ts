import { GitHubPermission } from '../models/github-permission.ts';
import type { Permission } from '../rules/github-rights.ts';
import type { CommandContext } from './context.ts';

/** How long a reading counts: a right that is taken away at GitHub ends here as soon (R14, R32). */
const GOOD_FOR_MS = 60_000;

type Asked = Pick<CommandContext, 'tx' | 'now' | 'project' | 'repository' | 'actor'>;

/** Tells whether GitHub must be asked what somebody may do before his words can be judged. */
export async function needsReading(asked: Asked): Promise<boolean> {
  if (asked.project.settings.rights.from !== 'github') return false;
  return (await knownPermission(asked)) === null;
}

/** What somebody may do at GitHub, as read within the last minute; null, which gives no right, when it was not. */
export async function knownPermission({
  tx,
  now,
  repository,
  actor,
}: Omit<Asked, 'project'>): Promise<Permission | null> {
  const key = { repositoryId: repository.id, personId: actor.id };
  const row = await tx.findOneBy(GitHubPermission, key);
  return row && now.getTime() - row.readAt.getTime() < GOOD_FOR_MS ? row.permission : null;
}
