/** A piece of a page that is safe to send: only {@link html} and {@link raw} make it. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in a hole of a template. Nothing at all is printed for null, undefined and booleans. */
export type HtmlValue = Html | string | number | boolean | null | undefined | readonly HtmlValue[];

/**
 * A page or a piece of one: every value is escaped, for text as for attributes (which must be in quotes).
 * Lists are joined without anything between. An address from outside goes through {@link link}.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const text = parts.reduce((done, part, i) => done + print(values[i - 1]) + part);
  return new Html(text);
}

/** Markup of our own that is not escaped: never anything that came from outside. */
export function raw(markup: string): Html {
  return new Html(markup);
}

/** A link if the address is http or https, else the text alone: `javascript:` and `data:` never become links. */
export function link(address: string | null | undefined, text: HtmlValue): Html {
  if (!isWebAddress(address)) return html`${text}`;
  return html`<a href="${address}" rel="noopener noreferrer">${text}</a>`;
}

function isWebAddress(address: string | null | undefined): address is string {
  if (address === null || address === undefined || !URL.canParse(address)) return false;
  return /^https?:$/.test(new URL(address).protocol);
}

function print(value: HtmlValue): string {
  if (value instanceof Html) return value.toString();
  if (isList(value)) return value.map(print).join('');
  if (value === null || value === undefined || typeof value === 'boolean') return '';
  return escape(String(value));
}

function isList(value: HtmlValue): value is readonly HtmlValue[] {
  return Array.isArray(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' },
  '\0': '\ufffd', // parsers disagree about it, so nobody gets to see it
};

function escape(text: string): string {
  return text.replace(/[&<>"'`\0]/g, (character) => ESCAPES[character] ?? '');
}
