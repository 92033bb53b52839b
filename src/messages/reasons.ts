import { enumerate, minutes } from './text.ts';

/** Why a staging ended, as pages, the API and a pull request's error show it. Plain text, no Markdown. */
export type StagingEnd =
  | {
      readonly kind: 'failed';
      readonly failures: readonly { readonly context: string; readonly repository: string }[];
    }
  | {
      readonly kind: 'timed-out';
      readonly durationMs: number;
      readonly missing: readonly string[];
    };

/** Says in one clause why a staging ended. */
export function stagingReason(end: StagingEnd): string {
  if (end.kind === 'failed') {
    const places = end.failures.map(({ context, repository }) => `${context} in ${repository}`);
    return places.length === 0 ? 'failed for an unknown reason' : `${enumerate(places)} failed`;
  }
  const never = end.missing.length === 0 ? '' : `, ${enumerate(end.missing)} never reported`;
  return `timed out after ${minutes(end.durationMs)}${never}`;
}
