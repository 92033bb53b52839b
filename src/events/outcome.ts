import type { TryLater } from '../lib/try-later.ts';

/** What came of a delivery: a clause for operators, or that it has to wait. */
export type EventOutcome = { readonly done: string } | { readonly wait: TryLater };
