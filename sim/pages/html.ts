import type { Reply } from '../http/call.ts';

/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | null | readonly Html[];

function show(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeText(String(part));
  return 'html' in part ? part.html : part.map((one) => one.html).join('');
}

/** Text as it must be written in a page or between the quotes of an attribute. */
export function escapeText(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (one) => names[one] ?? one);
}

/** Where a link may lead; all else (`javascript:` above all) is no link. */
const SCHEMES = new Set(['http:', 'https:', 'mailto:']);

/** Whether an address may stand on a page. It is read as a browser reads it, beside the page's own. */
export function isHarmless(address: string): boolean {
  return (
    URL.canParse(address, 'http://page') && SCHEMES.has(new URL(address, 'http://page').protocol)
  );
}

/** HTML from a template; everything put into it is escaped unless it is {@link Html}. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return { html: strings.reduce((all, one, i) => all + show(parts[i - 1] ?? null) + one) };
}

const STYLE = `:root{color-scheme:light dark;--line:#8884;--soft:#8882;--good:#1a7f37;--bad:#cf222e;--wait:#9a6700;--link:#0969da}
@media(prefers-color-scheme:dark){:root{--good:#3fb950;--bad:#f85149;--wait:#d29922;--link:#4493f8}}
*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:1.6rem}
nav{border-bottom:1px solid var(--line);padding-bottom:.5rem}code,pre{font:13px/1.45 ui-monospace,monospace}pre{overflow:auto;background:var(--soft);padding:.7rem;border-radius:6px}
article{border:1px solid var(--line);border-radius:6px;margin:.8rem 0}article>header{background:var(--soft);padding:.3rem .7rem}article>section{padding:.1rem .7rem;overflow-wrap:anywhere}section img{max-width:100%}section :is(h1,h2,h3){font-size:1.05rem;margin:.8rem 0 .3rem}
blockquote{margin:.6rem 0;padding-left:.8rem;border-left:3px solid var(--line)}section code{background:var(--soft);padding:.1em .3em;border-radius:4px}section pre code{background:none;padding:0}summary{cursor:pointer}
table{border-collapse:collapse;width:100%}section table{width:auto;margin:.6rem 0}td,th{border-bottom:1px solid var(--line);padding:.3rem .5rem;text-align:left;vertical-align:top}
form{margin:.6rem 0;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}textarea{width:100%;min-height:5rem;font:inherit}input,select,button,textarea{font:inherit;padding:.25rem .5rem}
.badge{white-space:nowrap;border-radius:1em;padding:.1em .7em;color:#fff;background:#6e7781;font-size:.85em}.open,.success,.approved{background:var(--good)}.closed,.failure,.error,.changes_requested{background:var(--bad)}.merged{background:#8250df}.pending{background:var(--wait)}`;

/** Nothing runs on these pages, whatever people write; pictures may come from elsewhere, as bots show some. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src http: https:; base-uri 'none'";

/** A whole page. */
export function page(title: string, body: Html): Reply {
  const whole = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        <nav><a href="/">GitHub simulator</a></nav>
        ${body}
      </body>
    </html>`;
  return { status: 200, body: whole.html, headers: { 'content-security-policy': POLICY } };
}

/** Sends the browser elsewhere after a form. */
export function seeOther(location: string): Reply {
  return { status: 303, headers: { location } };
}

/** A word in a coloured pill; the colour goes by the word. */
export function badge(word: string): Html {
  return html`<span class="badge ${word.toLowerCase()}"
    >${word.toLowerCase().replace('_', ' ')}</span
  >`;
}
