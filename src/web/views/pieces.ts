import { html } from '../../lib/html.ts';
import type { Html, HtmlValue } from '../../lib/html.ts';
import { pullLabel, SHAPES } from './tone.ts';
import type { Label } from './tone.ts';

/** A word in its colour, with its shape. */
export function badge({ tone, word }: Label, title?: string): Html {
  return html`<span class="badge is-${tone}" title="${title ?? word}"
    ><span class="shape" aria-hidden="true">${SHAPES[tone]}</span>${word}</span
  >`;
}

/** A pull request as the pages mention it. */
export interface MentionedPull {
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly state: Parameters<typeof pullLabel>[0]['state'];
  readonly draft: boolean;
}

/** The bot's page of a pull request. */
export function pullPath({ repository, number }: { repository: string; number: number }): string {
  return `/${repository.split('/').map(encodeURIComponent).join('/')}/pull/${number}`;
}

/** A pull request on one line: shape of its state, short name, title. */
export function pullLine(pull: MentionedPull): Html {
  const { tone, word } = pullLabel(pull);
  return html`<a
    class="pull"
    href="${pullPath(pull)}"
    title="${pull.repository}#${pull.number}: ${word}"
    ><span class="shape is-${tone}" aria-hidden="true">${SHAPES[tone]}</span>
    <span class="name">${shortName(pull.repository)}#${pull.number}</span>
    <span class="title">${pull.title}</span></a
  >`;
}

/** A repository without its owner, where the owner is plain. */
export function shortName(repository: string): string {
  return repository.slice(repository.indexOf('/') + 1);
}

/** The first ten digits of a commit id, the whole in the title. */
export function sha(text: string | null): Html {
  if (text === null) return html`<span class="muted">none</span>`;
  return html`<code class="sha" title="${text}">${text.slice(0, 10)}</code>`;
}

/** The history of a branch. */
export function branchPath(project: string, branch: string): string {
  return `/${encodeURIComponent(project)}/${encodeURIComponent(branch)}`;
}

/** A button that calls the API; shown to admins, and only where scripts run. */
export interface Act {
  readonly text: string;
  /** `PATCH /api/crons/staging`. */
  readonly call: string;
  /** What is sent, beside the reason. */
  readonly body?: object;
  /** The question of the dialog that asks for the reason. */
  readonly ask: string;
  readonly danger?: boolean;
}

/** The button of an act, or nothing for who may not. */
export function button(isAdmin: boolean, { text, call, body = {}, ask, danger }: Act): Html {
  if (!isAdmin) return html``;
  const look = danger === true ? 'button danger' : 'button';
  return html`<button
    class="${look}"
    type="button"
    data-call="${call}"
    data-body="${JSON.stringify(body)}"
    data-ask="${ask}"
  >
    ${text}
  </button>`;
}

/** A titled part of a page; nothing when it is empty. */
export function section(title: string, items: readonly HtmlValue[], kind = ''): Html {
  if (items.length === 0) return html``;
  return html`<section class="part ${kind}">
    <h4>${title} <span class="count">${items.length}</span></h4>
    <ul class="plain">
      ${items.map((item) => html`<li>${item}</li>`)}
    </ul>
  </section>`;
}
