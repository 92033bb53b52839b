import { Port } from '../../../src/models/port.ts';
import type { PortWorld } from './port-types.ts';

/** Every unmet promise of R28: merged sources and later active branches without exactly one port or reason, or a wait. */
export async function holes(world: PortWorld): Promise<string[]> {
  const rows = await world.db.query<{ hole: string }[]>(
    `select s.number || ' on ' || t.name as hole
       from pull_request s join branch own on own.id = s.target_id
       join branch t on t.project_id = own.project_id and t.sequence > own.sequence and t.active
       left join branch stop on stop.id = s.limit_id
      where s.source_id is null and s.merged_sha is not null and (stop.id is null or t.sequence <= stop.sequence)
        and (select count(*) from port where source_id = s.id and target_id = t.id and state in ('opened', 'skipped')) <> 1
        and not exists (
          select from pull_request p join branch b on b.id = p.target_id
           where p.source_id = s.id and b.sequence < t.sequence and p.state not in ('merged', 'closed'))`,
  );
  return rows.map((row) => row.hole);
}

/** Rows of ports, as text. */
export async function portRows(world: PortWorld): Promise<string[]> {
  const rows = await world.db.manager.find(Port, { order: { id: 'asc' } });
  return rows.map((row) => [row.state, row.branch, row.reason].filter(Boolean).join(' '));
}
