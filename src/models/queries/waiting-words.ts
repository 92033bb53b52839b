import type { Reader } from './verdicts.ts';

/** Names the place where words wait: one pull request. */
export function lineOf(repositoryId: number, number: number): string {
  return `${repositoryId}#${number}`;
}

/** Lets the words that wait on a pull request be looked at again now: what they waited for has happened, or never will. */
export async function releaseWords(
  tx: Reader,
  { repositoryId, number }: { readonly repositoryId: number; readonly number: number },
  now: Date,
): Promise<void> {
  await tx.query(
    `update delivery set retry_at = $2
      where line = $1 and done_at is null and dead_at is null and retry_at > $2`,
    [lineOf(repositoryId, number), now],
  );
}
