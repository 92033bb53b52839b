import type { DataSource } from 'typeorm';
import type { PortRow } from './pull.ts';
import type { PullRef } from './pull-refs.ts';

/** One cell: a pull request of a chain on a branch, or the reason why there is none. */
export interface PortCell {
  readonly repository: string;
  readonly target: string;
  readonly pull: PullRef | null;
  readonly detached: string | null;
  readonly conflict: boolean;
  readonly staging: number | null;
  /** Of a port without a pull request. */
  readonly state: PortRow['state'] | null;
  readonly reason: string | null;
}

/** The chain of a batch: the rows and columns of the table of ports, and what stands in it. */
export interface PortTable {
  /** Oldest first, from the source's branch on. */
  readonly branches: readonly { readonly name: string; readonly active: boolean }[];
  readonly repositories: readonly string[];
  readonly cells: readonly PortCell[];
}

/**
 * Branches × repositories (spec 9.3): the sources of the batch a pull request descends from, and all their ports.
 * A limit ends the table: what lies beyond is not wanted.
 */
export async function portTable(db: DataSource, pullId: number): Promise<PortTable> {
  const cells = await db.query<PortCell[]>(CELLS, [pullId]);
  const branches = await db.query<PortTable['branches'][number][]>(BRANCHES, [pullId]);
  return {
    branches,
    cells,
    repositories: [...new Set(cells.map((cell) => cell.repository))].sort(),
  };
}

/** The first pull requests of the chain: those of the batch in which the source of this one is. */
const SOURCES = `with sources as (
  select p.* from pull_request p
   where p.batch_id = (select s.batch_id from pull_request s
                        where s.id = (select coalesce(source_id, id) from pull_request where id = $1)))`;

const CELLS = `${SOURCES}
  select r.name as repository, p.base as target, p.detach_reason as detached, p.conflict,
         (select max(g.id) from staging g join staging_pull sp on sp.staging_id = g.id
           where g.active and sp.pull_request_id = p.id) as staging,
         null as state, null as reason,
         json_build_object('name', r.name || '#' || p.number, 'repository', r.name, 'number', p.number,
           'target', p.base, 'title', p.title, 'state', p.state, 'draft', p.draft) as pull
    from pull_request p join repository r on r.id = p.repository_id
   where p.id in (select id from sources) or p.source_id in (select id from sources)
  union all
  select r.name, b.name, null, o.conflict is not null, null, o.state, o.reason, null
    from port o join repository r on r.id = o.repository_id join branch b on b.id = o.target_id
   where o.source_id in (select id from sources) and o.pull_request_id is null`;

const BRANCHES = `${SOURCES}
  select b.name, b.active from branch b
   where b.project_id = (select r.project_id from sources s join repository r on r.id = s.repository_id limit 1)
     and b.sequence >= coalesce((select min(t.sequence) from sources s join branch t on t.id = s.target_id), 0)
     and b.sequence <= coalesce((select max(l.sequence) from sources s join branch l on l.id = s.limit_id), 2147483647)
   order by b.sequence`;
