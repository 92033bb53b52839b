import type { Json } from './user.ts';

/** A body without some of its fields: GitHub leaves them out in this place. */
export function without(json: Json, ...names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));
}
