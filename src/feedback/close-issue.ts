import type { GitHub } from '../github/gateway.ts';
import { type Done, settle, settleFailure } from './outcome.ts';

/** Closes an issue whose fix has landed; a closed one stays as it is. */
export async function closeFixedIssue(
  github: GitHub,
  repository: string,
  number: number,
): Promise<Done> {
  try {
    return settle(await github.closeIssue(repository, number));
  } catch (error) {
    return settleFailure(error);
  }
}
