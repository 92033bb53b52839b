import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isAdmin, isOpenHouse } from './access.ts';
import { openedBefore, outstandingShape } from './api/forwardports.ts';
import { pullParams } from './api/pulls.ts';
import { inTurn } from '../lib/in-turn.ts';
import { page, pageShape } from './input.ts';
import { readAlerts } from './queries/alerts.ts';
import { boardBranches, boardProjects, endedStagings, queuedBatches } from './queries/board.ts';
import { listCrons } from './queries/crons.ts';
import { listOutstanding } from './queries/outstanding.ts';
import { portTable } from './queries/port-table.ts';
import { findPull } from './queries/pull.ts';
import { viewPull } from './queries/pull-view.ts';
import { countQueues } from './queries/queue-counts.ts';
import { listQueue } from './queries/queue-rows.ts';
import { viewRights } from './queries/rights.ts';
import { listStagings } from './queries/stagings.ts';
import { queueNamed } from './queues.ts';
import { found } from './refusal.ts';
import type { Site } from './site.ts';
import { branchHistory, HISTORY_STATES } from './views/branch.ts';
import { cronsPage } from './views/crons.ts';
import { dashboard } from './views/dashboard.ts';
import { arrangeBoard } from './views/dashboard-model.ts';
import { layout } from './views/layout.ts';
import type { Page, Reader } from './views/layout.ts';
import { outstandingPage } from './views/outstanding.ts';
import { pullPage } from './views/pull.ts';
import { pullImage } from './views/pull-image.ts';
import { queuesPage } from './views/queues.ts';
import { rightsPage } from './views/rights.ts';

/** A page before it is put into its frame. */
type Content = Pick<Page, 'title' | 'menu' | 'main'>;
type Load = (site: Site, request: FastifyRequest, reader: Reader) => Promise<Content>;

const HISTORY = 12;
const MOST_RUNNING = 200;
const MOST_PORTS = 200;

/** The pages for people. */
export function installPages(app: FastifyInstance, site: Site): void {
  const pages: Readonly<Record<string, Load>> = {
    '/': loadDashboard,
    '/forwardports': loadOutstanding,
    '/crons': loadCrons,
    '/queues': loadQueues,
    '/rights': loadRights,
    '/:project/:branch': loadBranch,
    '/:owner/:repo/pull/:number(\\d+)': loadPull,
  };
  for (const [path, load] of Object.entries(pages))
    app.get(path, (request, reply) => show(site, { request, reply, load }));
  app.get('/:owner/:repo/pull/:number(\\d+).svg', (request, reply) =>
    sendImage(site, request, reply),
  );
}

async function show(
  site: Site,
  { request, reply, load }: { request: FastifyRequest; reply: FastifyReply; load: Load },
): Promise<FastifyReply> {
  const reader = await readerOf(site, request);
  const content = await load(site, request, reader);
  const { db } = site;
  const alerts = await readAlerts(db, { now: reader.now, listening: site.listening() });
  return reply.type('text/html; charset=utf-8').send(layout({ ...content, reader, alerts }));
}

async function readerOf(site: Site, { caller }: FastifyRequest): Promise<Reader> {
  return {
    isAdmin: await isAdmin(site, caller),
    isOpenHouse: isOpenHouse(site),
    login: caller.kind === 'person' ? caller.login : null,
    canLogIn: site.settings.oauth !== null,
    now: site.clock.now(),
  };
}

const loadDashboard: Load = async ({ db }, _request, reader) => {
  const projects = arrangeBoard({
    projects: await boardProjects(db),
    branches: await boardBranches(db),
    running: await listStagings(db, { active: true, limit: MOST_RUNNING }),
    ended: await endedStagings(db, HISTORY),
    queued: await queuedBatches(db),
  });
  return { title: 'Dashboard', menu: '/', main: dashboard(projects, reader) };
};

const loadOutstanding: Load = async ({ db }, { query }, reader) => {
  const given = Object.entries(query as Record<string, string>).filter(([, value]) => value !== '');
  const form = outstandingShape.parse(Object.fromEntries(given));
  const before = openedBefore(reader.now, form.days);
  const ports = await listOutstanding(db, { ...form, before, limit: MOST_PORTS });
  const main = outstandingPage(ports, form, reader);
  return { title: 'Forward-ports', menu: '/forwardports', main };
};

const loadCrons: Load = async ({ db }, _request, reader) => {
  const crons = await listCrons(db, reader.now);
  const main = cronsPage(crons, await countQueues(db, reader.now), reader);
  return { title: 'Crons', menu: '/crons', main };
};

const loadQueues: Load = async ({ db }, { query }, reader) => {
  const { now } = reader;
  const { name } = z.object({ name: z.string().optional() }).parse(query);
  const queue = name === undefined ? null : queueNamed(name);
  const rows = queue === null ? [] : await listQueue(db, queue, { now, limit: 100 });
  const counts = await countQueues(db, now);
  const main = queuesPage(counts, queue && { name: queue.name, rows }, reader);
  return { title: 'Queues', menu: '/queues', main };
};

const loadRights: Load = async ({ db }) => {
  const projects = await db.query<{ id: number; name: string }[]>(
    'select id, name from project where active order by name',
  );
  const tables = await inTurn(projects, async ({ id, name }) => ({
    project: name,
    rights: await viewRights(db, id),
  }));
  return { title: 'Rights', menu: '/rights', main: rightsPage(tables) };
};

const historyShape = pageShape.extend({
  state: z.enum(HISTORY_STATES).optional().catch(undefined),
});

const loadBranch: Load = async ({ db }, { params, query }, reader) => {
  const { project, branch } = z.object({ project: z.string(), branch: z.string() }).parse(params);
  const known = await db.query<unknown[]>(
    'select from branch b join project p on p.id = b.project_id where p.name = $1 and b.name = $2',
    [project, branch],
  );
  found(known[0], `page or branch: ${project}/${branch}`);
  const { state, after } = historyShape.parse(query);
  const limit = 20;
  const rows = await listStagings(db, { project, branch, state, after, limit: limit + 1 });
  const { items, next } = page(rows, limit);
  const main = branchHistory({ project, branch, state, stagings: items, next }, reader);
  return { title: `${project} ${branch}`, menu: '/', main };
};

const loadPull: Load = async (site, { params }, reader) => {
  const { row, pull, ports } = await readPull(site, params);
  const main = pullPage({ pull, project: row.project, body: row.body, ports }, reader);
  return { title: `${pull.repository}#${pull.number} ${pull.title}`, menu: '/', main };
};

async function readPull({ db, settings }: Site, params: unknown) {
  const { owner, repo, number } = pullParams.parse(params);
  const row = found(
    await findPull(db, `${owner}/${repo}`, number),
    `pull request: ${owner}/${repo}#${number}`,
  );
  const pull = await viewPull(db, row, settings.github.webUrl);
  return { row, pull, ports: await portTable(db, row.id) };
}

/** The picture is embedded in comments, whose readers come often: it may be a minute old. */
async function sendImage(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { pull, ports } = await readPull(site, request.params);
  const image = pullImage(pull, ports);
  const etag = `"${createHash('sha256').update(image).digest('base64url').slice(0, 20)}"`;
  reply.headers({
    etag,
    'cache-control': 'public, max-age=60, stale-if-error=86400',
    'cross-origin-resource-policy': 'cross-origin',
  });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.type('image/svg+xml').send(image);
}
