import type { ProjectConfig } from '../../lib/config.ts';
import { AccessRight } from '../../models/access-right.ts';
import { Repository } from '../../models/repository.ts';
import { type Applying, note } from '../change.ts';

interface Granting {
  readonly projectId: number;
  readonly projectName: string;
  readonly people: readonly {
    readonly id: number;
    readonly config: ProjectConfig['people'][number];
  }[];
}

type Right = Pick<AccessRight, 'personId' | 'kind' | 'repositoryId' | 'context'>;

const keyOf = ({ personId, kind, repositoryId, context }: Right) =>
  JSON.stringify([personId, kind, repositoryId, context]);

const columnsOf = ({ personId, kind, repositoryId, context }: Right) => ({
  personId,
  kind,
  repositoryId,
  context,
});

/** Makes the rights in a project those of the file: missing ones are granted, others taken. */
export async function applyRights(applying: Applying, granting: Granting): Promise<void> {
  const { tx } = applying;
  const repositories = await tx.findBy(Repository, { projectId: granting.projectId });
  const ids = new Map(repositories.map((row) => [row.name, row.id]));
  const wanted = granting.people.flatMap(({ id, config }) => rightsOf(id, config, ids));
  const rows = await tx.findBy(AccessRight, { projectId: granting.projectId });
  const known = new Map(rows.map((row) => [keyOf(row), row]));
  for (const right of new Map(wanted.map((one) => [keyOf(one), one])).values()) {
    if (known.delete(keyOf(right))) continue;
    await tx.insert(AccessRight, { projectId: granting.projectId, ...right });
    const object = await objectOf(applying, granting, right);
    await note(applying, { action: 'add', object, before: null, after: columnsOf(right) });
  }
  for (const row of known.values()) {
    await tx.delete(AccessRight, row.id);
    const object = await objectOf(applying, granting, row);
    await note(applying, { action: 'remove', object, before: columnsOf(row), after: null });
  }
}

function rightsOf(
  personId: number,
  config: ProjectConfig['people'][number],
  repositories: ReadonlyMap<string, number>,
): Right[] {
  // a name that is no repository of the project grants nothing: null would mean all of them
  const on = (kind: 'review' | 'self_review', names: readonly string[]): Right[] =>
    names.flatMap((name) => {
      const repositoryId = repositories.get(name);
      return repositoryId === undefined ? [] : [{ personId, kind, repositoryId, context: null }];
    });
  return [
    ...on('review', config.review),
    ...on('self_review', config.selfReview),
    ...config.overrides.map((context): Right => ({
      personId,
      kind: 'override',
      repositoryId: null,
      context,
    })),
    ...(config.admin
      ? [{ personId, kind: 'admin', repositoryId: null, context: null } as const]
      : []),
  ];
}

/** `right:acme/rita/review acme/app`. */
async function objectOf(applying: Applying, granting: Granting, right: Right): Promise<string> {
  const rows = await applying.tx.query<{ login: string; repository: string | null }[]>(
    `select login, (select name from repository where id = $2) as repository from person where id = $1`,
    [right.personId, right.repositoryId],
  );
  const detail = rows[0]?.repository ?? right.context;
  const name = `${granting.projectName}/${rows[0]?.login ?? '?'}/${right.kind}`;
  return `right:${name}${detail === null ? '' : ` ${detail}`}`;
}
