import type { Facts } from './facts.ts';

/**
 * I-35: each merged source has one port or one reason on each later active branch up to its limit, unless the chain waits at
 * an open port before it, its policy holds it, or a job is still queued for it.
 */
export async function portHoles({ db, rows }: Facts): Promise<string[]> {
  const off = ['forwardport', 'forwardport-updates'];
  if (rows.crons.some((one) => off.includes(one.name) && !one.active)) return [];
  const found = await db.query<{ hole: string }[]>(
    `select r.name || '#' || s.number || ' has no port and no reason on ' || t.name as hole
       from pull_request s
       join repository r on r.id = s.repository_id
       join project p on p.id = r.project_id
       join branch own on own.id = s.target_id
       join branch t on t.project_id = own.project_id and t.sequence > own.sequence and t.active
       left join branch stop on stop.id = s.limit_id
       join lateral (
         select p.* from pull_request p join branch b on b.id = p.target_id
          where (p.id = s.id or p.source_id = s.id) and b.sequence < t.sequence
          order by b.sequence desc, p.id desc limit 1) before on true
       join batch on batch.id = before.batch_id
      where s.source_id is null and s.merged_sha is not null and s.commits_map is not null
        and (stop.id is null or t.sequence <= stop.sequence)
        and (p.settings->'forwardport'->>'enabled')::boolean and t.name ~ ('^(?:' || r.branch_filter || ')$')
        and batch.forwardport_policy <> 'no'
        and not exists (select from port where source_id = s.id and target_id = t.id and state in ('opened', 'skipped'))
        and (before.state in ('merged', 'closed')
             or exists (select from pull_request later join branch b on b.id = later.target_id
                         where later.source_id = s.id and b.sequence > t.sequence and later.state <> 'closed'))
        and not exists (select from forwardport_job j where j.batch_id = before.batch_id)`,
  );
  return found.map((one) => one.hole);
}

/** I-35, the other half: the bot's open pull requests are the one port of a source on a branch. */
export function strangePorts({ rows, github, bot }: Facts): string[] {
  const known = new Set(
    rows.ports.flatMap((port) => {
      const pull = rows.pulls.find((one) => one.id === port.pullRequestId);
      const name = rows.repositories.find((one) => one.id === port.repositoryId)?.name ?? '';
      return pull ? [`${name}#${pull.number}`] : [];
    }),
  );
  return github.pulls
    .filter((one) => one.author === bot && one.headRef.endsWith('-fw') && one.open)
    .map((one) => `${one.repository}#${one.number}`)
    .filter((name) => !known.has(name))
    .map((name) => `${name} is open and no port of the records`);
}

/** I-36: what a person put on a port branch, the bot neither replaces nor removes. */
export function overwrittenPeople({ github, bot }: Facts): string[] {
  const putBy = new Map<string, string>();
  const bad: string[] = [];
  for (const { repository, ref, to, forced, actor } of github.moves) {
    if (!ref.endsWith('-fw')) continue;
    const place = `${repository} ${ref}`;
    const before = putBy.get(place) ?? bot;
    if (actor === bot && before !== bot && (forced || to === null))
      bad.push(`${place}: the bot overwrote what ${before} had pushed`);
    putBy.set(place, actor);
  }
  return bad;
}
