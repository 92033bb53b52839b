import { z } from 'zod';
import type { Calls, RestCall } from './calls.ts';
import { GitHubError } from './errors.ts';
import type { Missing, Outcome } from './facts.ts';
import { explain } from './failures.ts';
import type { Answer } from './failures.ts';
import { isRepositoryName } from './read.ts';

const PAGE_SIZE = 100;
/** 50,000 items: more than any list of ours; a server that never ends its list is broken. */
const MAX_PAGES = 500;

/** The way into the read functions: which call an answer belongs to. */
type Named = Pick<RestCall, 'operation' | 'kind'>;

/** Nothing under that name. */
export const MISSING: Missing = { kind: 'missing' };

/** The two parts of `owner/name` as routes want them. @throws TypeError for anything else: our bug. */
export function splitRepository(repo: string): { readonly owner: string; readonly repo: string } {
  if (!isRepositoryName(repo))
    throw new TypeError(`not owner/name: ${JSON.stringify(repo.slice(0, 80))}`);
  const [owner = '', name = ''] = repo.split('/');
  return { owner, repo: name };
}

/**
 * Reads what GitHub answered. Unknown keys are dropped, unknown words kept.
 *
 * @throws GitHubError when a fact is not there or not what it must be: retryable if the answer was cut off, else
 *   GitHub's form changed and we must act. A write has taken effect by then, or may have.
 */
export function readAs<T>(shape: z.ZodType<T>, data: unknown, call: Named): T {
  const read = shape.safeParse(data);
  if (read.success) return read.data;
  throw new GitHubError(
    {
      operation: call.operation,
      status: 200,
      requestId: null,
      retryAfterMs: null,
      retryable: typeof data !== 'object',
      effect: call.kind === 'read' ? 'none' : 'unknown',
      detail: `an answer that cannot be read: ${z.prettifyError(read.error).replace(/\s+/g, ' ').slice(0, 400)}`,
    },
    { cause: read.error },
  );
}

/** What came of a change: done, nothing there, or GitHub's reason against it. */
export function toOutcome(answer: Answer): Outcome {
  if (answer.status < 300) return { kind: 'done' };
  if (answer.status === 404 || answer.status === 410) return MISSING;
  return { kind: 'refused', detail: explain(answer.data) };
}

/** The statuses {@link toOutcome} makes values of. */
export const OUTCOMES: readonly number[] = [404, 410, 422];

/** A list of the REST API. */
export interface ListCall<T> extends Omit<RestCall, 'kind' | 'expected'> {
  readonly item: z.ZodType<T>;
  /** Key of the list in answers that are not the list itself. */
  readonly within?: string;
  /** Stops after the page that this tells is enough. */
  readonly isEnough?: (page: readonly T[]) => boolean;
}

/**
 * Reads all pages, by number: the addresses in the `Link` header are never used, only whether there is a next one;
 * without the header a full page means that there may be (F-062). Items that move between pages while we read can
 * come twice: the caller drops the second.
 */
export async function listAll<T>(calls: Calls, list: ListCall<T>): Promise<T[]> {
  const call = { operation: list.operation, kind: 'read', route: list.route } as const;
  const shape = pageShape(list);
  const all: T[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const parameters = { ...list.parameters, per_page: PAGE_SIZE, page };
    const answer = await calls.rest({ ...call, parameters });
    const items = readAs(shape, answer.data, call);
    all.push(...items);
    if (!hasNext(answer, items.length) || list.isEnough?.(items) === true) return all;
  }
  throw new RangeError(`${list.operation}: more than ${MAX_PAGES} pages`);
}

function pageShape<T>({ item, within }: ListCall<T>): z.ZodType<T[]> {
  if (within === undefined) return z.array(item);
  return z.looseObject({ [within]: z.array(item) }).transform((page) => page[within] as T[]);
}

function hasNext({ headers }: Answer, count: number): boolean {
  if (count === 0) return false;
  const link = headers['link'];
  return typeof link === 'string' ? /rel="?next"?/.test(link) : count >= PAGE_SIZE;
}

/** Drops all but the first of those with the same id. */
export function onceEach<T extends { readonly id: number }>(items: readonly T[]): T[] {
  return [...new Map(items.toReversed().map((item) => [item.id, item])).values()].toReversed();
}
