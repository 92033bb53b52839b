import type { SpokenText } from '../commands/context.ts';
import type { WebhookEvent } from '../github/webhook-events.ts';
import type { TryLater } from '../lib/try-later.ts';
import type { Repository } from '../models/repository.ts';
import type { Speaker } from '../rules/speaker.ts';

/** What a handler is given. It reads the payload and writes records; it never calls GitHub or git. */
export interface Received<E extends WebhookEvent> {
  readonly event: E;
  readonly repository: Repository;
  readonly now: Date;
  /** The row of the delivery: what came before it, and may have to be done first. */
  readonly deliveryId: number;
}

/**
 * What came of a delivery: a clause for operators, or that it has to wait. `line`: what is said later in the same place
 * waits behind it.
 */
export type EventOutcome =
  { readonly done: string } | { readonly wait: TryLater; readonly line?: string };

/** Something said on a pull request, by a comment or a review. */
export interface Speech {
  readonly repository: Repository;
  readonly number: number;
  readonly speaker: Speaker;
  readonly text: SpokenText;
  readonly now: Date;
  readonly deliveryId: number;
}
