import { Port } from '../../../src/models/port.ts';
import type { PortWorld } from './port-types.ts';

/**
 * Every broken promise of R28 (I-35): a merged source and a later active branch up to its limit without exactly one port or
 * one stored reason, where the chain neither waits at an open port before it nor is held by its policy or a job.
 */
export async function holes(world: PortWorld): Promise<string[]> {
  const rows = await world.db.query<{ hole: string }[]>(
    `select s.number || ' on ' || t.name as hole
       from pull_request s join branch own on own.id = s.target_id
       join repository r on r.id = s.repository_id
       join branch t on t.project_id = own.project_id and t.sequence > own.sequence and t.active
        and t.name ~ ('^(?:' || r.branch_filter || ')$')
       left join branch stop on stop.id = s.limit_id
       join lateral (
         select p.* from pull_request p join branch b on b.id = p.target_id
          where (p.id = s.id or p.source_id = s.id) and b.sequence < t.sequence
          order by b.sequence desc, p.id desc limit 1) before on true
       join batch on batch.id = before.batch_id
      where s.source_id is null and s.merged_sha is not null and (stop.id is null or t.sequence <= stop.sequence)
        and (select count(*) from port where source_id = s.id and target_id = t.id and state in ('opened', 'skipped')) <> 1
        and not (before.state not in ('merged', 'closed')
                 and not exists (select from pull_request p join branch b on b.id = p.target_id
                                  where p.source_id = s.id and b.sequence > t.sequence and p.state <> 'closed'))
        and batch.forwardport_policy <> 'no'
        and not exists (select from forwardport_job j where j.batch_id = before.batch_id)`,
  );
  return rows.map((row) => row.hole);
}

/** Pull requests at GitHub that are not the one port of their source on their branch, and ports without a pull request. */
export async function strangers(world: PortWorld, repo = 'acme/app'): Promise<string[]> {
  const ports = await world.db.query<{ number: number; name: string }[]>(
    `select p.number, port.branch as name from port
       join pull_request p on p.id = port.pull_request_id join repository r on r.id = p.repository_id
      where r.name = $1 and coalesce(p.detach_reason, '') not like 'adopted%'`,
    [repo],
  );
  const known = ports.map((port) => `${port.number} ${port.name}`).sort();
  const there = world.github.of(repo).map((pull) => `${pull.number} ${pull.head.branch}`);
  return [
    ...there.filter((one) => !known.includes(one)).map((one) => `unknown: ${one}`),
    ...known.filter((one) => !there.includes(one)).map((one) => `not at GitHub: ${one}`),
  ];
}

/** Rows of ports, as text. */
export async function portRows(world: PortWorld): Promise<string[]> {
  const rows = await world.db.manager.find(Port, { order: { id: 'asc' } });
  return rows.map((row) => [row.state, row.branch, row.reason].filter(Boolean).join(' '));
}
