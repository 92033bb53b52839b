import { escapeText, isHarmless } from './html.ts';

/** What GitHub lets through of the HTML that people write between their Markdown, as far as bots use it. */
const ALLOWED = new Set(
  (
    'b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre q s ' +
    'samp strong sub summary sup table tbody td tfoot th thead tr tt u ul var a'
  ).split(' '),
);
const VOID = new Set(['br', 'hr', 'img']);

/** The attributes that are kept; those with an address only when it is harmless. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  img: ['src', 'alt', 'width', 'height'],
  details: ['open'],
  td: ['colspan', 'rowspan', 'align'],
  th: ['colspan', 'rowspan', 'align'],
};

const ATTRIBUTE = /([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/gi;
const TAG = /<!--[^]*?(?:-->|$)|<(\/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)>/gi;

/** Text between tags and marks, where references to characters (`&amp;`, `&#64;`) are meant as such. */
export function escapeProse(text: string): string {
  return escapeText(text).replace(/&amp;(#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi, '&$1;');
}

/** Cleans the pieces of HTML of one text, in their order: they may open in one piece and close in another. */
export interface Cleaner {
  /** A piece with only what is allowed; other tags are shown as they were written, comments are dropped. */
  clean(piece: string): string;
  /** The ends of what is still open. */
  close(): string;
}

/** A cleaner for one text. */
export function createCleaner(): Cleaner {
  const open: string[] = [];
  const endUpTo = (depth: number): string =>
    open
      .splice(depth)
      .reverse()
      .map((one) => `</${one}>`)
      .join('');
  const tag = (written: string, [slash, name, rest]: [string, string, string]): string => {
    if (!ALLOWED.has(name)) return escapeText(written);
    if (slash === '') {
      if (!VOID.has(name)) open.push(name);
      return `<${name}${attributesOf(name, rest)}>`;
    }
    const depth = open.lastIndexOf(name);
    return depth < 0 ? '' : endUpTo(depth);
  };
  return {
    clean(piece) {
      let end = 0;
      let result = '';
      for (const match of piece.matchAll(TAG)) {
        result += escapeProse(piece.slice(end, match.index));
        end = match.index + match[0].length;
        const [written, slash = '', name, rest = ''] = match;
        if (name !== undefined) result += tag(written, [slash, name.toLowerCase(), rest]);
      }
      return result + escapeProse(piece.slice(end));
    },
    close: () => endUpTo(0),
  };
}

function attributesOf(tag: string, text: string): string {
  const known = ATTRIBUTES[tag] ?? [];
  return [...text.matchAll(ATTRIBUTE)]
    .map((match) => ({
      name: (match[1] ?? '').toLowerCase(),
      value: match[2] ?? match[3] ?? match[4] ?? '',
    }))
    .filter(({ name }) => known.includes(name))
    .map(({ name, value }) => {
      const harmful = (name === 'href' || name === 'src') && !isHarmless(plain(value));
      return harmful ? '' : ` ${name}="${escapeText(plain(value))}"`;
    })
    .join('');
}

/** Ampersands are written as references in attributes; other references stay text, so that none can hide a scheme. */
function plain(value: string): string {
  return value.replaceAll('&amp;', '&');
}
