import { getNamedType, isInputObjectType, type GraphQLInputType } from 'graphql';
import { isRecord } from '../http/call.ts';
import type { Args } from './context.ts';

/** Read by connections only when somebody wants their nodes. */
const PAGING = new Set(['first', 'last', 'after', 'before']);

/** What the schema says of an argument or of a field of an input. */
interface Declared {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly defaultValue?: unknown;
}

/** Arguments that remember which of them were looked at. */
export interface WatchedArgs {
  readonly args: Args;
  /** The names of those given that nobody looked at: `input.side`. */
  readonly unread: (declared: readonly Declared[]) => string[];
}

/**
 * Watches which arguments a resolver reads, those within inputs too: what it does not read it does not support, and the
 * caller must hear of it instead of getting an answer to another question.
 */
export function watchArgs(given: Args): WatchedArgs {
  const inner = new Map<string, WatchedArgs>();
  const read = new Set<string>();
  const args = new Proxy(given, {
    get(target, key): unknown {
      if (typeof key === 'symbol') return undefined;
      read.add(key);
      const value = target[key];
      if (!isRecord(value)) return value;
      const watched = inner.get(key) ?? watchArgs(value);
      inner.set(key, watched);
      return watched.args;
    },
  });
  const unread = (declared: readonly Declared[]): string[] =>
    declared.flatMap((one) => {
      const value = given[one.name];
      if (value == null || value === one.defaultValue || PAGING.has(one.name)) return [];
      if (!read.has(one.name)) return [one.name];
      const type = getNamedType(one.type);
      const fields = isInputObjectType(type) ? Object.values(type.getFields()) : [];
      const deeper = inner.get(one.name)?.unread(fields) ?? [];
      return deeper.map((name) => `${one.name}.${name}`);
    });
  return { args, unread };
}
