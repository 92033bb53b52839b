import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { verifySignature } from '../github/signature.ts';
import { Refusal } from './refusal.ts';
import { repeatCut } from './repeat-cut.ts';
import type { Site } from './site.ts';
import { DeliveryStore } from './store-deliveries.ts';

/** GitHub sends at most 25 MB ("Webhook events and payloads"). */
const BODY_LIMIT = 26 * 1024 * 1024;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const EVENT = /^[a-z_]{1,64}$/;

/** The two fields that say whose repository a payload speaks of; anything else of it is read later. */
const repositoryShape = z.object({
  repository: z.object({ id: z.int().nonnegative(), full_name: z.string().max(300) }),
});

/**
 * The receiver: checks, stores the bytes, answers; nothing is parsed or done for the sender before its signature held
 * (I-43). GitHub gives up after 10 s, so the work comes later. A repeated delivery is recognised by its GUID.
 */
export function installWebhook(app: FastifyInstance, site: Site): void {
  const deliveries = new DeliveryStore(site);
  void app.register((scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
      (_request, body, done) => done(null, body),
    );
    const options = {
      bodyLimit: BODY_LIMIT,
      config: { access: 'public' },
      onRequest: refuseEarly,
    } as const;
    scope.post('/webhooks/github', options, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const projects = signers(site, body, request);
      const { guid, event } = readHeaders(request);
      if (!(await speaksForItsOwn(site, body, projects))) throw new Refusal(401, 'bad signature');
      const stored = await orUnavailable(site, () => deliveries.store({ guid, event, body }));
      if (stored === 'contradicted')
        site.log.error(
          { guid, event },
          'a known delivery id came with another body: it was ignored',
        );
      return reply.code(202).send({ stored: stored === 'new' });
    });
  });
}

/** What can be refused before a byte of the body is read. */
function refuseEarly({ headers }: FastifyRequest, _reply: unknown, done: () => void): void {
  if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
    throw new Refusal(415, 'set the content type of the webhook to application/json');
  if (headers['x-hub-signature-256'] === undefined) throw new Refusal(401, 'bad signature');
  done();
}

/** @returns the projects whose secret signed these bytes. @throws 401 when there is none. */
function signers({ settings }: Site, body: Buffer, { headers }: FastifyRequest): Set<string> {
  const header = headers['x-hub-signature-256'];
  const verdicts = new Map<string, boolean>();
  const projects = settings.webhookSecrets.filter(({ secret }) => {
    const key = secret.reveal();
    const known = verdicts.get(key); // projects may share one secret: the bytes are hashed once for it
    const holds = known ?? verifySignature(body, header, [key]);
    verdicts.set(key, holds);
    return holds;
  });
  if (projects.length === 0) throw new Refusal(401, 'bad signature');
  return new Set(projects.map(({ project }) => project));
}

function readHeaders({ headers }: FastifyRequest): { guid: string; event: string } {
  const guid = headers['x-github-delivery'];
  const event = headers['x-github-event'];
  if (typeof guid !== 'string' || !GUID.test(guid))
    throw new Refusal(400, 'X-GitHub-Delivery must be a UUID');
  if (typeof event !== 'string' || !EVENT.test(event))
    throw new Refusal(400, 'X-GitHub-Event must name an event');
  return { guid: guid.toLowerCase(), event };
}

/** A project's secret must not move the repositories of another one (B-004). One secret for all: nothing to tell apart. */
async function speaksForItsOwn(site: Site, body: Buffer, projects: Set<string>): Promise<boolean> {
  if (site.settings.webhookSecrets.every(({ project }) => projects.has(project))) return true;
  const parsed = repositoryShape.safeParse(parse(body));
  if (!parsed.success) return true; // speaks of no repository: moves none
  const { id, full_name } = parsed.data.repository;
  const owners = await orUnavailable(site, () =>
    site.db.query<{ name: string }[]>(
      `select p.name from repository r join project p on p.id = r.project_id
        where r.github_id = $1 or lower(r.name) = lower($2)`,
      [id, full_name.replaceAll('\0', '')],
    ),
  );
  return owners.every(({ name }) => projects.has(name));
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null; // stored all the same: the deliveries cron gives it up, visibly (B-011)
  }
}

/**
 * Whatever keeps us from storing, the sender shall see it and can send again. For the end of one connection he is not
 * troubled: GitHub sends nothing twice by itself. A delivery that was stored all the same is known by its GUID.
 */
async function orUnavailable<T>({ log }: Site, work: () => Promise<T>): Promise<T> {
  try {
    return await repeatCut(work);
  } catch (error) {
    log.error({ err: error }, 'a delivery could not be stored');
    throw new Refusal(503, 'cannot store deliveries now: send it again');
  }
}
