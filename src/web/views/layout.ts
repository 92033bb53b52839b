import { html } from '../../lib/html.ts';
import type { Html, HtmlValue } from '../../lib/html.ts';
import { alertList } from './alerts.ts';
import type { Alerts } from '../queries/alerts.ts';

/** Who reads the page, and what of it he may do. */
export interface Reader {
  readonly isAdmin: boolean;
  /** True where everybody on this machine is admin, which each page says (contract 4). */
  readonly isOpenHouse: boolean;
  readonly login: string | null;
  /** Whether people can log in at all. */
  readonly canLogIn: boolean;
  readonly now: Date;
}

/** What a page is made of. */
export interface Page {
  readonly title: string;
  /** Path of the entry of the menu that it belongs to. */
  readonly menu: '/' | '/forwardports' | '/crons' | '/queues' | '/rights';
  readonly reader: Reader;
  readonly alerts: Alerts | null;
  readonly main: HtmlValue;
}

const MENU = [
  { path: '/', text: 'Dashboard' },
  { path: '/forwardports', text: 'Forward-ports' },
  { path: '/crons', text: 'Crons' },
  { path: '/queues', text: 'Queues' },
  { path: '/rights', text: 'Rights' },
] as const;

/** The whole document. Its main part is loaded anew by the script when something happened. */
export function layout({ title, menu, reader, alerts, main }: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Stagecoach</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/style.css" />
        <script src="/assets/theme.js"></script>
        <script src="/assets/app.js" defer></script>
      </head>
      <body>
        ${header(menu, reader)}
        <main id="main">${notice(reader)} ${alerts && alertList(alerts, reader.now)} ${main}</main>
        ${dialog()}
      </body>
    </html> `
    .toString()
    .trimStart();
}

function header(current: Page['menu'], reader: Reader): Html {
  const entries = MENU.map(({ path, text }) =>
    path === current
      ? html`<a href="${path}" aria-current="page">${text}</a>`
      : html`<a href="${path}">${text}</a>`,
  );
  return html`<header class="top">
    <a class="brand" href="/"
      ><img src="/assets/icon.svg" alt="" width="22" height="22" />Stagecoach</a
    >
    <nav aria-label="Pages">${entries}</nav>
    <div class="tools">
      <span id="live" class="live" role="status">not live</span>
      <button id="theme" class="button" type="button" title="Light, dark, or as the system has it">
        Theme
      </button>
      ${login(reader)}
    </div>
  </header>`;
}

function login({ login, canLogIn }: Reader): Html {
  if (login !== null)
    return html`<span class="who">${login}</span
      ><button class="button" type="button" id="logout">Log out</button>`;
  return canLogIn ? html`<a class="button" href="/login">Log in</a>` : html``;
}

function notice({ isOpenHouse }: Reader): Html {
  if (!isOpenHouse) return html``;
  return html`<p class="open-house">
    No login is set up: everybody on this machine is admin here, and nobody else can reach it.
  </p>`;
}

/** One dialog for all buttons: nothing is changed without a reason. */
function dialog(): Html {
  return html`<dialog id="ask" aria-labelledby="ask-title">
    <form method="dialog">
      <h2 id="ask-title"></h2>
      <label>Reason <input id="ask-reason" maxlength="1000" autocomplete="off" required /></label>
      <p id="ask-error" class="is-bad" role="alert"></p>
      <menu>
        <button class="button" type="button" id="ask-cancel">Leave it</button>
        <button class="button primary" type="submit" id="ask-do">Do it</button>
      </menu>
    </form>
  </dialog>`;
}
