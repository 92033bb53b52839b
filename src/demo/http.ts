import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../lib/clock.ts';
import { oneLine, UserError } from '../lib/errors.ts';

/** One JSON call. @throws UserError with method, path and answer when it is refused. */
export async function callJson<T>(
  url: string,
  options: { readonly method?: string; readonly token?: string; readonly body?: unknown } = {},
): Promise<T> {
  const { method = 'GET', token, body } = options;
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) {
    const detail = `${method} ${new URL(url).pathname}: ${response.status} ${text.slice(0, 300)}`;
    throw new UserError({ code: 'refused', detail });
  }
  return (text === '' ? null : JSON.parse(text)) as T;
}

const EVERY_MS = 100;
const PATIENCE_MS = 45_000;

/** Asks again and again until the answer is there. @throws UserError when it never comes. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | null | undefined | false>,
): Promise<T> {
  const end = systemClock.now().getTime() + PATIENCE_MS;
  let last = 'the answer never came';
  while (systemClock.now().getTime() < end) {
    try {
      const answer = await probe();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = oneLine(error); // not there yet is an error of many calls; the last one is told at the end
    }
    await pause(EVERY_MS);
  }
  throw new UserError({ code: 'refused', detail: `it did not happen: ${what} (${last})` });
}

/** @throws UserError when something that must be true is not. */
export function verify(what: string, isTrue: boolean): void {
  if (!isTrue) throw new UserError({ code: 'refused', detail: `it is not true: ${what}` });
}
