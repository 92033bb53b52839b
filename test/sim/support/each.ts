import type { GitHub } from './github.ts';

/** The repository the tour is about. */
export const R = '/repos/acme/app';

/** Makes calls one after another as one person. */
export async function each(
  github: GitHub,
  who: string,
  requests: readonly string[],
): Promise<void> {
  for (const one of requests) await github.as(who, one);
}
