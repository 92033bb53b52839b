import type { ProjectConfig } from '../../lib/config.ts';
import { RequiredStatusRow } from '../../models/required-status.ts';
import { type Applying, note } from '../change.ts';

type StatusConfig = ProjectConfig['repositories'][number]['statuses'][number];

interface Repository {
  readonly id: number;
  readonly name: string;
  readonly statuses: readonly StatusConfig[];
}

const keyOf = (row: { context: string; branchFilter: string }) =>
  JSON.stringify([row.context, row.branchFilter]);

/** Writes the contexts a repository asks for. Open pull requests and running stagings are judged anew by what changed. */
export async function applyStatuses(applying: Applying, repository: Repository): Promise<void> {
  const before = applying.changes.length;
  const known = new Map(
    (await applying.tx.findBy(RequiredStatusRow, { repositoryId: repository.id })).map((row) => [
      keyOf(row),
      row,
    ]),
  );
  for (const config of repository.statuses) {
    const wanted = columnsOf(config);
    await applyStatus(applying, { repository, wanted, known: known.get(keyOf(wanted)) });
    known.delete(keyOf(wanted));
  }
  for (const row of known.values()) await removeStatus(applying, repository, row);
  if (applying.changes.length > before) await judgeAgain(applying, repository.id);
}

type Columns = Pick<RequiredStatusRow, 'context' | 'prs' | 'stagings' | 'branchFilter'>;

function columnsOf({ context, prs, stagings, branches }: StatusConfig): Columns {
  return { context, prs, stagings, branchFilter: branches };
}

const objectOf = (repository: Repository, row: Columns) =>
  `status:${repository.name}/${row.context}${row.branchFilter === '.*' ? '' : ` on ${row.branchFilter}`}`;

async function applyStatus(
  applying: Applying,
  {
    repository,
    wanted,
    known,
  }: { repository: Repository; wanted: Columns; known: RequiredStatusRow | undefined },
): Promise<void> {
  const object = objectOf(repository, wanted);
  const after = { prs: wanted.prs, stagings: wanted.stagings };
  if (!known) {
    await applying.tx.insert(RequiredStatusRow, { repositoryId: repository.id, ...wanted });
    await note(applying, { action: 'add', object, before: null, after });
  } else if (known.prs !== wanted.prs || known.stagings !== wanted.stagings) {
    await applying.tx.update(RequiredStatusRow, known.id, after);
    const before = { prs: known.prs, stagings: known.stagings };
    await note(applying, { action: 'change', object, before, after });
  }
}

async function removeStatus(
  applying: Applying,
  repository: Repository,
  row: RequiredStatusRow,
): Promise<void> {
  await applying.tx.delete(RequiredStatusRow, row.id);
  const before = { prs: row.prs, stagings: row.stagings };
  await note(applying, {
    action: 'remove',
    object: objectOf(repository, row),
    before,
    after: null,
  });
}

/** The verdict depends on what is required: the status queue looks at every head that can still land (spec 1.3). */
async function judgeAgain({ tx, now }: Applying, repositoryId: number): Promise<void> {
  await tx.query(
    `insert into status_job (repository_id, sha, queued_at)
     select $1, sha, $2 from (
       select head as sha from pull_request where repository_id = $1 and state not in ('merged', 'closed')
       union select h.head from staging_head h join staging s on s.id = h.staging_id
              where h.repository_id = $1 and s.active) as heads`,
    [repositoryId, now],
  );
}
