import type { Call, Reply } from './call.ts';

/** One operation: the name is GitHub's operation id (`pulls/create`). */
export interface Route {
  readonly method: string;
  readonly pattern: string;
  readonly operation: string;
  readonly handle: (call: Call) => Reply | Promise<Reply>;
}

/** Declares an operation. `{name}` is one part of the path, `{name+}` is the rest with its slashes. */
export function route(
  method: string,
  pattern: string,
  operation: string,
  handle: Route['handle'],
): Route {
  return { method, pattern, operation, handle };
}

/** What a path led to; `method` when only the method is wrong. */
export type Match =
  { kind: 'found'; route: Route; params: Record<string, string> } | { kind: 'missing' };

/** Finds the operation of a call; the first declared wins. */
export class Router {
  readonly #routes = new Map<string, { expression: RegExp; route: Route }[]>();

  constructor(routes: readonly Route[]) {
    for (const one of routes) {
      const list = this.#routes.get(one.method) ?? [];
      list.push({ expression: compile(one.pattern), route: one });
      this.#routes.set(one.method, list);
    }
  }

  /** Finds the route of a path; HEAD is answered by GET. */
  match(method: string, path: string): Match {
    const list = this.#routes.get(method === 'HEAD' ? 'GET' : method) ?? [];
    for (const { expression, route } of list) {
      const found = expression.exec(path);
      if (found) return { kind: 'found', route, params: decoded(found.groups ?? {}) };
    }
    return { kind: 'missing' };
  }
}

function compile(pattern: string): RegExp {
  const source = pattern
    .replace(/[.]/g, '\\.')
    .replace(/\{(\w+)\+\}/g, '(?<$1>.+)')
    .replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return new RegExp(`^${source}$`);
}

function decoded(groups: Record<string, string>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups)) {
    try {
      result[name] = decodeURIComponent(value);
    } catch {
      result[name] = value;
    }
  }
  return result;
}
