import type { MergeMethod } from './merge-method.ts';
import type { Priority } from './queue.ts';

/** What the queue does with splits and a running staging. */
export type ResetScope = 'splits' | 'staging' | 'auto';
/** Whether and when the ports of a change are made. */
export type PortPolicy = 'default' | 'no' | 'skipci' | 'skipmerge';

/** One command, ready to be carried out. `NOW` and `NOW!` are read as the three they stand for. */
export type Command =
  | {
      readonly kind: 'approve';
      /** `r=1,2`: only these; empty for `r+`. */
      readonly numbers: readonly number[];
      /** `r+ 0123456789ab`: at least 12 digits of the head the reviewer has seen, or null. */
      readonly head: string | null;
    }
  | { readonly kind: 'reject' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'merge-method'; readonly method: MergeMethod }
  | { readonly kind: 'check' }
  | { readonly kind: 'info' }
  | { readonly kind: 'help' }
  /** No login: the author. */
  | { readonly kind: 'delegate'; readonly logins: readonly string[] }
  | { readonly kind: 'override'; readonly contexts: readonly string[] }
  | { readonly kind: 'priority'; readonly priority: Priority }
  | { readonly kind: 'cancel-staging' }
  | { readonly kind: 'skipchecks' }
  | { readonly kind: 'reset'; readonly scope: ResetScope }
  | { readonly kind: 'fw'; readonly policy: PortPolicy }
  | { readonly kind: 'limit'; readonly branch: string }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'close' }
  | { readonly kind: 'remindme'; readonly branch: string; readonly message: string };

/** What stands for three commands: `priority` or `alone`, `skipchecks` and `cancel=staging`. */
export type ShortForm = 'NOW' | 'NOW!';

/** Why a whole comment is refused. Nothing of it was applied. */
export type Refusal =
  | { readonly kind: 'too-long'; readonly length: number; readonly limit: number }
  | { readonly kind: 'too-many'; readonly limit: number }
  /** `suggestion` is a word of the grammar that is close, or null. */
  | { readonly kind: 'unknown-word'; readonly word: string; readonly suggestion: string | null }
  /** `got` is null at the end of the line. */
  | { readonly kind: 'expected'; readonly expected: string; readonly got: string | null }
  | {
      readonly kind: 'unknown-value';
      readonly command: string;
      readonly value: string;
      readonly known: readonly string[];
    }
  | { readonly kind: 'too-many-values'; readonly command: string; readonly limit: number }
  | { readonly kind: 'short-head'; readonly text: string }
  /** A control, format or direction character that could hide what is read; as `U+200B`. */
  | { readonly kind: 'hidden-character'; readonly character: string }
  | { readonly kind: 'open-quote' }
  | { readonly kind: 'quote-inside-word'; readonly word: string }
  | { readonly kind: 'repeated'; readonly command: string }
  | { readonly kind: 'contradiction'; readonly first: string; readonly second: string };

/** What a comment asks of the bot. `commands` may be empty: addressed, but nothing asked. */
export type ParsedComment =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'commands';
      readonly commands: readonly Command[];
      /** The short form that was written for three of them, if one was; there cannot be two. */
      readonly short?: ShortForm;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };
