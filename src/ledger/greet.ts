import type { EntityManager } from 'typeorm';
import { say } from '../feedback/say.ts';
import { created, disabledTarget } from '../messages/pull-request.ts';
import type { Branch } from '../models/branch.ts';
import { Project } from '../models/project.ts';
import type { Repository } from '../models/repository.ts';
import { pullName } from './facts.ts';

/** The first words on a new pull request: where its page is, and whether its branch is still served. */
export async function greet(
  tx: EntityManager,
  { repository, number, target }: { repository: Repository; number: number; target: Branch },
  now: Date,
): Promise<void> {
  const at = { repositoryId: repository.id, number };
  const name = pullName(repository, { number });
  const project = await tx.findOneByOrFail(Project, { id: repository.projectId });
  const pageUrl = `${project.settings.pagesUrl}/${repository.name}/pull/${number}`;
  const text = created({ pageUrl, imageUrl: `${pageUrl}.svg` });
  await say(tx, { at, key: `created/${name}`, text, now });
  if (target.active) return;
  await say(tx, {
    at,
    key: `disabled-branch/${name}/${target.name}`,
    text: disabledTarget({ branch: target.name }),
    now,
  });
}
