import { type EntityManager } from 'typeorm';
import { handleEvent } from '../events/table.ts';
import type { WebhookEvent } from '../github/webhook-events.ts';
import { parseWebhook } from '../github/webhooks.ts';
import { Delivery } from '../models/queues.ts';
import { Repository } from '../models/repository.ts';
import type { TryLater } from '../lib/try-later.ts';
import type { Run } from '../world.ts';
import { drain, type Queue } from './drain.ts';

const SECOND_MS = 1_000;
const LONGEST_PAUSE_MS = 600_000;

/** Deliveries, in the order they came; done ones stay a while, so that a repeated one is recognised. */
const deliveryQueue: Queue<Delivery> = {
  table: 'delivery',
  entity: Delivery,
  keeps: true,
  maxAttempts: 10,
  delayMs: (attempt) => Math.min(LONGEST_PAUSE_MS, SECOND_MS * 2 ** attempt),
};

/** Handles what GitHub has told. Each delivery is one transaction: its facts, and that it is done. */
export function receiveDeliveries(run: Run): Promise<void> {
  return drain(run, deliveryQueue, async (row, finish) => {
    const parsed = parseWebhook({ event: row.event, body: row.body, receivedAt: row.queuedAt });
    if (parsed.kind === 'refused') throw new Error(`no payload of ${row.event}: ${parsed.detail}`);
    await finish((tx) =>
      parsed.kind === 'ignored'
        ? note(tx, row, 'an event of no use')
        : handle(tx, { row, event: parsed.event, now: run.now }),
    );
  });
}

async function handle(
  tx: EntityManager,
  { row, event, now }: { row: Delivery; event: WebhookEvent; now: Date },
): Promise<TryLater | undefined> {
  if (event.event === 'ping') return note(tx, row, 'ping');
  const repository = await repositoryOf(tx, event.repository);
  if (!repository) return note(tx, row, `${event.repository.name} is no repository of ours`);
  const outcome = await handleEvent(tx, { event, repository, now, deliveryId: row.id });
  if ('done' in outcome) return note(tx, row, outcome.done);
  if (outcome.line !== undefined) await tx.update(Delivery, row.id, { line: outcome.line });
  return outcome.wait;
}

/** By GitHub's id; by name only until the id is learnt, so that a re-used name is not obeyed (B-021). */
async function repositoryOf(
  tx: EntityManager,
  { id, name }: { readonly id: number; readonly name: string },
): Promise<Repository | null> {
  const known = await tx.findOneBy(Repository, { githubId: String(id) });
  if (known) return known;
  await tx.query('update repository set github_id = $1 where name = $2 and github_id is null', [
    id,
    name,
  ]);
  return tx.findOneBy(Repository, { githubId: String(id) });
}

async function note(tx: EntityManager, row: Delivery, outcome: string): Promise<undefined> {
  await tx.update(Delivery, row.id, { outcome: outcome.slice(0, 500) });
  return undefined;
}
