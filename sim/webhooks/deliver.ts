import { createHmac, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Observer } from '../observer.ts';
import type { Hook } from '../state/types.ts';

export type Mode = 'deliver' | 'hold' | 'drop' | 'duplicate' | 'shuffle';

/** One webhook on its way or arrived; what GitHub lists as a delivery. */
export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly hookId: number;
  readonly event: string;
  readonly action: string | null;
  readonly repository: string | null;
  readonly repositoryId: number | null;
  readonly installationId: number | null;
  readonly at: string;
  readonly redelivery: boolean;
  readonly request: { headers: Record<string, string>; payload: string; url: string };
  state: 'pending' | 'held' | 'dropped' | 'delivered' | 'failed';
  statusCode: number;
  attempts: number;
  durationMs: number;
  response: { headers: Record<string, string>; payload: string } | null;
}

/** GitHub gives a receiver ten seconds. */
const PATIENCE_MS = 10_000;

/** Sends webhooks: signed, one after another per repository, disturbed as the mode says. */
export class Deliverer {
  mode: Mode = 'deliver';
  deliveries: Delivery[] = [];
  readonly #lines = new Map<string, Promise<void>>();
  #pending = 0;
  #random: () => number = mulberry(1);
  #shuffling: Delivery[] = [];
  #lastId = 0;
  #generation = 0;
  readonly #observer: Observer | null;

  constructor(observer: Observer | null = null) {
    this.#observer = observer;
  }

  /** Webhooks still on their way. Held ones do not count: nobody but the user can send them. */
  get pending(): number {
    return this.#pending;
  }

  /** Changes how deliveries go out; what was held stays held until it is released. */
  setMode(mode: Mode, seed: number): void {
    this.mode = mode;
    this.#random = mulberry(seed);
  }

  /** Puts one webhook on its way to a hook. */
  enqueue(hook: Hook, message: Message): Delivery {
    const delivery = this.#record(hook, message);
    if (this.mode === 'hold') delivery.state = 'held';
    else if (this.mode === 'drop') delivery.state = 'dropped';
    else if (this.mode === 'shuffle') this.#shuffle(delivery);
    else this.#line(delivery, this.mode === 'duplicate' ? 2 : 1);
    return delivery;
  }

  /** Sends what was held, in the order it came. */
  release(): number {
    const held = this.deliveries.filter((one) => one.state === 'held');
    for (const one of held) this.#line(one, 1);
    return held.length;
  }

  /** Sends a delivery once more under its GUID, as a new entry of the list. */
  redeliver(hook: Hook, old: Delivery): Delivery {
    const again: Delivery = {
      ...old,
      id: (this.#lastId += 1),
      at: new Date().toISOString(),
      redelivery: true,
      request: { ...old.request, url: hook.url },
      state: 'pending',
      statusCode: 0,
      attempts: 0,
      response: null,
    };
    this.deliveries.push(again);
    this.#line(again, 1);
    return again;
  }

  /** Forgets everything. */
  reset(): void {
    this.#generation += 1;
    this.mode = 'deliver';
    this.deliveries = [];
    this.#shuffling = [];
    this.#lines.clear();
    this.#pending = 0;
  }

  #record(hook: Hook, message: Message): Delivery {
    const payload = JSON.stringify(message.payload);
    const guid = randomUUID();
    this.#observer?.webhook({ event: message.event, payload });
    const delivery: Delivery = {
      id: (this.#lastId += 1),
      guid,
      hookId: hook.id,
      event: message.event,
      action: message.action,
      repository: message.repository,
      repositoryId: message.repositoryId,
      installationId: message.installationId,
      at: new Date().toISOString(),
      redelivery: false,
      request: { headers: headersOf(hook, { guid, message, payload }), payload, url: hook.url },
      state: 'pending',
      statusCode: 0,
      attempts: 0,
      durationMs: 0,
      response: null,
    };
    this.deliveries.push(delivery);
    return delivery;
  }

  /** Collects for a moment, then sends in an order of chance; the seed repeats it. */
  #shuffle(delivery: Delivery): void {
    this.#shuffling.push(delivery);
    this.#pending += 1;
    if (this.#shuffling.length > 1) return;
    const generation = this.#generation;
    setTimeout(() => {
      if (generation !== this.#generation) return;
      const batch = this.#shuffling.splice(0);
      this.#pending -= batch.length;
      for (let i = batch.length - 1; i > 0; i -= 1) {
        const j = Math.floor(this.#random() * (i + 1));
        const [a, b] = [batch[i], batch[j]];
        if (a && b) [batch[i], batch[j]] = [b, a];
      }
      for (const one of batch) this.#line(one, 1);
    }, 50);
  }

  #line(delivery: Delivery, times: number): void {
    delivery.state = 'pending';
    this.#pending += 1;
    const generation = this.#generation;
    const key = `${delivery.hookId} ${delivery.repository ?? ''}`;
    const before = this.#lines.get(key) ?? Promise.resolve();
    const mine = before.then(async () => {
      for (let i = 0; i < times; i += 1)
        if (generation === this.#generation) await attempt(delivery);
      if (generation === this.#generation) this.#pending -= 1;
    });
    this.#lines.set(key, mine);
  }
}

/** What is to be told. */
export interface Message {
  readonly event: string;
  readonly action: string | null;
  readonly repository: string | null;
  readonly repositoryId: number | null;
  readonly installationId: number | null;
  readonly payload: unknown;
}

function headersOf(
  hook: Hook,
  what: { guid: string; message: Message; payload: string },
): Record<string, string> {
  const form = hook.contentType === 'form';
  const body = form ? formBody(what.payload) : what.payload;
  const headers: Record<string, string> = {
    accept: '*/*',
    'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
    'user-agent': 'GitHub-Hookshot/simulator',
    'x-github-delivery': what.guid,
    'x-github-event': what.message.event,
    'x-github-hook-id': String(hook.id),
    'x-github-hook-installation-target-id': String(hook.owner.id),
    'x-github-hook-installation-target-type':
      hook.owner.kind === 'app' ? 'integration' : hook.owner.kind,
  };
  if (hook.secret === null || hook.secret === '') return headers;
  const sign = (hash: string): string =>
    `${hash}=${createHmac(hash, hook.secret ?? '')
      .update(body)
      .digest('hex')}`;
  headers['x-hub-signature'] = sign('sha1');
  headers['x-hub-signature-256'] = sign('sha256');
  return headers;
}

function formBody(payload: string): string {
  return new URLSearchParams({ payload }).toString();
}

async function attempt(delivery: Delivery): Promise<void> {
  const { headers, payload, url } = delivery.request;
  const body = headers['content-type'] === 'application/json' ? payload : formBody(payload);
  const start = Date.now();
  delivery.attempts += 1;
  const answer = await post(url, headers, body);
  delivery.durationMs = Date.now() - start;
  delivery.statusCode = answer?.status ?? 0;
  delivery.response = answer ? { headers: answer.headers, payload: answer.body } : null;
  delivery.state = answer && answer.status < 400 ? 'delivered' : 'failed';
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

function post(url: string, headers: Record<string, string>, body: string): Promise<Answer | null> {
  return new Promise((resolve) => {
    let target: URL;
    try {
      target = new URL(url);
    } catch {
      resolve(null);
      return;
    }
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const request = send(target, { method: 'POST', headers: { ...headers, ...length } });
    request.setTimeout(PATIENCE_MS, () => request.destroy());
    request.on('error', () => resolve(null));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve(null));
      response.on('end', () => {
        const flat: Record<string, string> = {};
        for (const [name, value] of Object.entries(response.headers)) flat[name] = String(value);
        const text = Buffer.concat(chunks).toString('utf8').slice(0, 65_536);
        resolve({ status: response.statusCode ?? 0, headers: flat, body: text });
      });
    });
    request.end(body);
  });
}

/** A small generator of chance that repeats itself for a seed (mulberry32). */
function mulberry(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
