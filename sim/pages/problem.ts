import type { IncomingMessage } from 'node:http';
import type { Problem } from '../errors.ts';
import type { Reply } from '../http/call.ts';
import { html, page } from './html.ts';

/** Titles of what goes wrong on pages. */
const TITLES: Readonly<Record<number, string>> = {
  403: 'That may not be done',
  404: 'There is nothing here',
  409: 'That did not go',
  422: 'That cannot be done',
};

/** Whether a person looks: browsers ask for HTML before all else, clients of the API never. */
export function isForPerson({ headers }: IncomingMessage): boolean {
  return /^\s*text\/html\b/i.test(headers.accept ?? '');
}

/** A refusal for a person: a page with its reasons, and the way back. */
export function asPage(refusal: Reply): Reply {
  const { status, headers } = refusal;
  const { message, errors = [] } = refusal.body as {
    message: string;
    errors?: (string | Problem)[];
  };
  const reasons = errors.map(
    (one) => html`<li>${typeof one === 'string' ? one : inWords(one)}</li>`,
  );
  const title = TITLES[status] ?? 'That went wrong';
  const whole = page(
    title,
    html`<h1>${title}</h1>
      <p>${message} (${status})</p>
      <ul>
        ${reasons}
      </ul>
      <p>Go back, or <a href="/">to all repositories</a>.</p>`,
  );
  return { ...whole, status, headers: { ...whole.headers, ...headers } };
}

function inWords({ message, field, code }: Problem): string {
  return message ?? `${field ?? 'something'}: ${code?.replace('_', ' ') ?? 'wrong'}`;
}
