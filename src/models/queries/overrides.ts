import type { Override } from '../pull-request.ts';
import type { Reader } from './verdicts.ts';

/** Overrides of a pull request and of the ancestors it is attached to; its own come last and win. */
export async function overridesOf(
  db: Reader,
  pullId: number,
): Promise<{ context: string; url: string }[]> {
  const rows = await db.query<{ overrides: Record<string, Override> }[]>(
    `with recursive chain as (
        select id, parent_id, overrides, 0 as step from pull_request where id = $1
        union all
        select p.id, p.parent_id, p.overrides, c.step + 1 from pull_request p join chain c on p.id = c.parent_id)
      select overrides from chain order by step desc`,
    [pullId],
  );
  return rows.flatMap(({ overrides }) =>
    Object.entries(overrides).map(([context, { url }]) => ({ context, url })),
  );
}
