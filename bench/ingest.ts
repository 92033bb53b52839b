import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from '../src/demo/child.ts';
import { aDatabase } from './a-database.ts';
import { sign } from './a-receiver.ts';
import { memoryOf } from './a-process.ts';
import { atLeast, atMost, figure, type Report, type Series, timeOf } from './figures.ts';

const RUNS = 400;
const WARM_UP = 50;
const ROUNDS = 8;
const IN_FLIGHT = 32;
const A_ROUND = 640;
const SHARE = 0.6;
const P99_MS = 100;
const PROGRAM = join(import.meta.dirname, 'receive.mjs');

/** A payload as long as those of GitHub usually are. */
const BODY = Buffer.from(
  JSON.stringify({ zen: 'Keep it logically awesome.', padding: randomBytes(6000).toString('hex') }),
);

/** A webhook from the first byte sent to the answer that it is stored, beside a server that only verifies and inserts. */
export async function ingest(): Promise<Report> {
  await using database = await aDatabase();
  await using servers = await startBoth(database.url);
  const { ours, bare } = servers;
  const latency = { ours: [] as number[], bare: [] as number[] };
  for (let run = -WARM_UP; run < RUNS; run += 1) {
    latency.bare.push(await timeOf(() => deliver(bare.ready)));
    latency.ours.push(await timeOf(() => deliver(ours.ready)));
  }
  const rate = { ours: [] as number[], bare: [] as number[] };
  const crowded = { ours: [] as number[], bare: [] as number[] };
  const one = async (name: 'ours' | 'bare', round: number) => {
    const times: number[] = [];
    const url = servers[name].ready;
    const taken = await timeOf(() => deliverMany(url, times));
    if (round < 0) return;
    rate[name].push((A_ROUND * 1000) / taken);
    crowded[name].push(...times);
  };
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const name of round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const))
      await one(name, round);
  }
  const resident = await memoryOf(ours.pid);
  const series = (name: string, unit: Series['unit'], values: number[]) => ({ name, unit, values });
  const [alone, many] = ['one at a time', `${IN_FLIGHT} in flight`];
  const pace = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    bench: 'ingest',
    about: `webhook of ${BODY.length} bytes, sent to stored and answered; each server in a process of its own`,
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
    residentMb: resident,
  };
}

interface Servers extends AsyncDisposable {
  readonly ours: Child;
  readonly bare: Child;
}

async function startBoth(url: string): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), 'stagecoach-bench-'));
  const start = (which: string) =>
    startChild({
      program: PROGRAM,
      args: [which, url],
      log: join(folder, `${which}.log`),
      ready: /^listening on (\S+)$/m,
    });
  const [ours, bare] = [await start('ours'), await start('bare')];
  return {
    ours,
    bare,
    async [Symbol.asyncDispose]() {
      await Promise.all([ours.stop(), bare.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
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
