import type { Mishap, Plan } from './points.ts';

/** All that can go wrong: `die before test: commit update staging.state (1)`. */
export function places(points: readonly string[], mishaps: readonly Mishap[]): string[] {
  return points.flatMap((key) => mishaps.map((mishap) => `${mishap} ${key}`));
}

/**
 * Lets go wrong what is on a list, as it is reached and was not tried yet, a number of points apart. One telling so tries
 * many places, and mishaps that follow each other; what was tried is taken off the list.
 */
export function comb(
  todo: Set<string>,
  { mishaps, apart }: { readonly mishaps: readonly Mishap[]; readonly apart: number },
): Plan {
  let since = apart;
  return (key) => {
    since += 1;
    if (since <= apart) return null;
    const mishap = mishaps.find((one) => todo.delete(`${one} ${key}`)) ?? null;
    if (mishap !== null) since = 0;
    return mishap;
  };
}
