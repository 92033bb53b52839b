import type { EntityManager } from 'typeorm';
import { AccessRight } from '../models/access-right.ts';
import { Delegation } from '../models/delegation.ts';
import { PullRequest } from '../models/pull-request.ts';
import { type GitHubRights, rightsAtGitHub } from '../rules/github-rights.ts';
import type { AccessFacts, RelationFacts } from '../rules/permissions.ts';
import type { CommandContext } from './context.ts';
import { knownPermission } from './permission.ts';

/**
 * How the author of a comment stands to the pull request, read at the moment of execution (R14, R15). Rights that the
 * project lists and rights at GitHub add up, where the project takes them from there (R32).
 */
export async function accessFacts(context: Omit<CommandContext, 'text'>): Promise<AccessFacts> {
  const { tx, actor, project, repository, pull } = context;
  const rights = await tx.findBy(AccessRight, { personId: actor.id, projectId: project.id });
  const here = rights.filter(
    (right) => right.repositoryId === null || right.repositoryId === repository.id,
  );
  const github = rightsAtGitHub(await knownPermission(context), project.settings.rights);
  const whose = { rights: here, github, personId: actor.id };
  const source =
    pull.sourceId === null ? null : await tx.findOneByOrFail(PullRequest, { id: pull.sourceId });
  return {
    person: {
      known: true, // found by numeric id: never equal to somebody else by being nobody
      account: rights.length > 0 || github.account,
      administrator: rights.some((right) => right.kind === 'admin') || github.administrator,
      overrides: [...overridesOf(here), ...(github.overrides ? ['*'] : [])],
    },
    pull: await relation(tx, pull, whose),
    source: source && (await relation(tx, source, whose)),
  };
}

function overridesOf(rights: readonly AccessRight[]): string[] {
  return rights.flatMap((right) =>
    right.kind === 'override' && right.context !== null ? [right.context] : [],
  );
}

interface Whose {
  readonly rights: readonly AccessRight[];
  readonly github: GitHubRights;
  readonly personId: number;
}

async function relation(
  tx: EntityManager,
  pull: PullRequest,
  { rights, github, personId }: Whose,
): Promise<RelationFacts> {
  return {
    authored: pull.authorId === personId,
    review: rights.some((right) => right.kind === 'review') || github.review,
    selfReview: rights.some((right) => right.kind === 'self_review') || github.selfReview,
    delegate: await isDelegate(tx, personId, pull),
  };
}

/** Delegate on it, on any port it descends from, or on its source (spec 3.4). */
async function isDelegate(
  tx: EntityManager,
  personId: number,
  pull: PullRequest,
): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `with recursive line as (
       select id, parent_id from pull_request where id = $1
       union select p.id, p.parent_id from pull_request p join line on line.parent_id = p.id)
     select 1 from delegation where person_id = $2
        and (pull_request_id in (select id from line) or pull_request_id = $3) limit 1`,
    [pull.id, personId, pull.sourceId],
  );
  return rows.length > 0;
}

/** Lets somebody review this one pull request. */
export async function delegateTo(
  { tx, pull, now }: CommandContext,
  personId: number,
): Promise<void> {
  await tx
    .createQueryBuilder()
    .insert()
    .into(Delegation)
    .values({ pullRequestId: pull.id, personId, at: now })
    .orIgnore()
    .execute();
}
