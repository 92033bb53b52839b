import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { page, pageShape } from '../input.ts';
import type { Site } from '../site.ts';

const queryShape = pageShape.extend({
  actor: z.string().max(200).optional(),
  action: z.string().max(200).optional(),
  object: z.string().max(300).optional(),
  since: z.iso.datetime({ offset: true }).optional(),
});

interface AuditView {
  readonly id: number;
  readonly at: Date;
  readonly actor: string;
  readonly via: string;
  readonly action: string;
  readonly object: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string | null;
}

/** Who changed what, when and why; newest first. */
export function installAuditLog(app: FastifyInstance, site: Site): void {
  app.get('/api/audit', async (request) => {
    const { limit, after, actor, action, object, since } = queryShape.parse(request.query);
    const rows = await site.db.query<AuditView[]>(
      `select id, at, actor, via, action, object, before, after, reason from audit
        where ($1::int is null or id < $1) and ($2::text is null or actor = $2) and ($3::text is null or action = $3)
          and ($4::text is null or object = $4) and ($5::timestamptz is null or at >= $5)
        order by id desc limit $6`,
      [after ?? null, actor ?? null, action ?? null, object ?? null, since ?? null, limit + 1],
    );
    return page(rows, limit);
  });
}
