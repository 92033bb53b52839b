import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import fastify from 'fastify';
import pg from 'pg';
import { aDatabase, type BenchDatabase } from './a-database.ts';
import { type Receiver, SECRET, startOurs } from './a-receiver.ts';
import { atLeast, atMost, figure, type Report, type Series, timeOf } from './figures.ts';

const RUNS = 400;
const WARM_UP = 50;
const ROUNDS = 8;
const IN_FLIGHT = 32;
const A_ROUND = 640;
const SHARE = 0.6;
const P99_MS = 100;

/** A payload as long as those of GitHub usually are. */
const BODY = Buffer.from(
  JSON.stringify({ zen: 'Keep it logically awesome.', padding: randomBytes(6000).toString('hex') }),
);

/** A webhook from the first byte sent to the answer that it is stored, beside a server that only verifies and inserts. */
export async function ingest(): Promise<Report> {
  await using database = await aDatabase();
  const [ours, bare] = [await startOurs(database), await startBare(database)];
  const latency = { ours: [] as number[], bare: [] as number[] };
  for (let run = -WARM_UP; run < RUNS; run += 1) {
    latency.bare.push(await timeOf(() => deliver(bare.url)));
    latency.ours.push(await timeOf(() => deliver(ours.url)));
  }
  const rate = { ours: [] as number[], bare: [] as number[] };
  const crowded = { ours: [] as number[], bare: [] as number[] };
  const one = async (name: 'ours' | 'bare', round: number) => {
    const times: number[] = [];
    const url = name === 'ours' ? ours.url : bare.url;
    const taken = await timeOf(() => deliverMany(url, times));
    if (round < 0) return;
    rate[name].push((A_ROUND * 1000) / taken);
    crowded[name].push(...times);
  };
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const name of round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const))
      await one(name, round);
  }
  await Promise.all([ours.close(), bare.close()]);
  const series = (name: string, unit: Series['unit'], values: number[]) => ({ name, unit, values });
  const [alone, many] = ['one at a time', `${IN_FLIGHT} in flight`];
  const pace = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    bench: 'ingest',
    about: `webhook of ${BODY.length} bytes, sent to stored and answered; client in the same process`,
    series: [
      series(`stagecoach, ${alone}`, 'ms', latency.ours.slice(WARM_UP)),
      series(`bare fastify, ${alone}`, 'ms', latency.bare.slice(WARM_UP)),
      series(`stagecoach, ${many}`, 'ms', crowded.ours),
      series(`bare fastify, ${many}`, 'ms', crowded.bare),
      series(`stagecoach, ${many}`, '/s', rate.ours),
      series(`bare fastify, ${many}`, '/s', rate.bare),
    ],
    targets: [
      atLeast(
        SHARE,
        pace(rate.ours) / pace(rate.bare),
        'webhooks per second as a share of the bare server',
      ),
      atMost(P99_MS, figure(crowded.ours, 'p99'), `p99 in ms with ${IN_FLIGHT} in flight`),
    ],
  };
}

/** The least that stores a webhook: signature, one insert, 202. */
async function startBare({ db, url }: BenchDatabase): Promise<Receiver> {
  await db.query('create table plain_delivery (guid text primary key, body bytea not null)');
  const pool = new pg.Pool({ connectionString: url, max: 20 });
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.post('/webhooks/github', async (request, reply) => {
    const body = request.body as Buffer;
    const given = Buffer.from(String(request.headers['x-hub-signature-256']));
    if (!timingSafeEqual(given, Buffer.from(sign(body)))) return reply.code(401).send();
    await pool.query('insert into plain_delivery (guid, body) values ($1, $2)', [
      request.headers['x-github-delivery'],
      body,
    ]);
    return reply.code(202).send();
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url: address, close: () => app.close().then(() => pool.end()) };
}

function sign(body: Buffer): string {
  return `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
}

async function deliver(url: string): Promise<void> {
  const answer = await fetch(`${url}/webhooks/github`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'ping',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': sign(BODY),
    },
    body: BODY,
  });
  await answer.arrayBuffer();
  if (answer.status !== 202) throw new Error(`answered ${answer.status}`);
}

/** @param times gets the milliseconds of each. */
async function deliverMany(url: string, times: number[]): Promise<void> {
  let left = A_ROUND;
  const sender = async () => {
    while (left-- > 0) times.push(await timeOf(() => deliver(url)));
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sender));
}
