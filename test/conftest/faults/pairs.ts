import { chance } from './effort.ts';
import type { Mishap, Plan } from './points.ts';

/** Two deaths close together: the second comes while the next process makes good what the first one left. */
export interface Pair {
  readonly point: string;
  readonly first: Mishap;
  readonly second: Mishap;
  /** Points that the next process reaches, the last of which kills it too. */
  readonly gap: number;
  /** Which of the two takes over on another machine, without a clone; see `MortalStory`. */
  readonly machines: number;
}

/** The start of a process is five points; then comes what it finds half done. */
const LONGEST_GAP = 12;

/** Pairs that a seed chooses, each death before or after what it hits: anywhere in a story but for its end, where no more than one fits. */
export function pairs(points: readonly string[], count: number, seed: number): Pair[] {
  const next = chance(seed);
  const below = (end: number) => Math.floor(next() * end);
  const death = (): Mishap => (below(2) === 0 ? 'die before' : 'die after');
  return Array.from({ length: count }, () => ({
    point: points[below(points.length - LONGEST_GAP)] ?? '',
    first: death(),
    second: death(),
    gap: 1 + below(LONGEST_GAP),
    machines: below(3),
  }));
}

/** Lets both happen, each once. */
export function planOf({ point, first, second, gap }: Pair): Plan {
  let since: number | null = null;
  return (key) => {
    if (since !== null) return (since += 1) === gap ? second : null;
    if (key !== point) return null;
    since = 0;
    return first;
  };
}
