import type { Sha } from '../lib/ids.ts';
import type { ConflictReport } from './merge-tree.ts';

/** A commit git cannot work with; trying again changes nothing. */
export interface Unusable {
  readonly kind: 'unrelated' | 'invalid';
  readonly detail: string;
}

/** A merge that cannot be made without a person. `files` in display form (see `pathText`). */
export interface Conflict extends ConflictReport {
  readonly kind: 'conflict';
}

/** Result of a merge to one tree. `changed` is false when the target had it all already. */
export type MergeTreeOutcome =
  { readonly kind: 'merged'; readonly tree: Sha; readonly changed: boolean } | Conflict | Unusable;

/** Result of a merge or squash to one commit. */
export type MergeOutcome =
  | { readonly kind: 'merged'; readonly commit: Sha; readonly tree: Sha; readonly changed: boolean }
  | Conflict
  | Unusable;

/** A commit of a series that could not be carried over, and why. */
export type SeriesStop =
  (Conflict & { readonly commit: Sha }) | (Unusable & { readonly commit: Sha });

/** What a carried series gives: the last copy and which commit became which, in order. */
export interface Copies {
  readonly head: Sha;
  readonly tree: Sha;
  readonly copies: ReadonlyMap<Sha, Sha>;
}

/**
 * Result of a rebase. `merge-commit`: a commit has several parents; `emptied`: a commit which changed
 * something changes nothing here, likely because the target has it already (spec/mergebot.md 5.10).
 */
export type RebaseOutcome =
  | (Copies & { readonly kind: 'rebased' })
  | SeriesStop
  | { readonly kind: 'merge-commit' | 'emptied'; readonly commit: Sha };

/** Result of porting a series. `empty`: a commit changes nothing on the target, or ever (ruling R30). */
export type PickOutcome =
  | (Copies & { readonly kind: 'picked' })
  | SeriesStop
  | { readonly kind: 'empty'; readonly commit: Sha };
