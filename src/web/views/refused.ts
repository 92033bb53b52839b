import { html } from '../../lib/html.ts';

/** What a browser is shown instead of a page. It asks the database nothing: that may be what is wrong. */
export function refusedPage(
  { status, message }: { readonly status: number; readonly message: string },
  canLogIn: boolean,
): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${status} · Stagecoach</title>
        <link rel="stylesheet" href="/assets/style.css" />
        <script src="/assets/theme.js"></script>
      </head>
      <body>
        <main class="refused">
          <h1>${status}</h1>
          <p>${message}</p>
          <p>
            <a class="button" href="/">Dashboard</a>
            ${canLogIn ? html`<a class="button" href="/login">Log in</a>` : ''}
          </p>
        </main>
      </body>
    </html> `
    .toString()
    .trimStart();
}
