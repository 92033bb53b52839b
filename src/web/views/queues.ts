import { html } from '../../lib/html.ts';
import type { Html } from '../../lib/html.ts';
import type { QueueCount } from '../queries/queue-counts.ts';
import type { QueueRowView } from '../queries/queue-rows.ts';
import type { Reader } from './layout.ts';
import { badge, button, pullPath } from './pieces.ts';
import { moment } from './time.ts';
import type { Label } from './tone.ts';

/** One queue that is looked into. */
export interface OpenQueue {
  readonly name: string;
  readonly rows: readonly QueueRowView[];
}

/** The queues, and the rows of one of them. */
export function queuesPage(
  counts: Readonly<Record<string, QueueCount>>,
  open: OpenQueue | null,
  reader: Reader,
): Html {
  return html`<section class="page">
    <h1>Queues</h1>
    <div class="scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Queue</th>
            <th scope="col">Waiting</th>
            <th scope="col">Due now</th>
            <th scope="col">Given up</th>
          </tr>
        </thead>
        <tbody>
          ${Object.entries(counts).map(([name, count]) => countRow(name, count))}
        </tbody>
      </table>
    </div>
    ${open && rowsPart(open, reader)}
  </section>`;
}

function countRow(name: string, { waiting, due, dead }: QueueCount): Html {
  return html`<tr>
    <th scope="row"><a href="/queues?name=${name}">${name}</a></th>
    <td data-label="Waiting">${waiting}</td>
    <td data-label="Due now">${due}</td>
    <td data-label="Given up">
      ${dead > 0 ? badge({ tone: 'bad', word: String(dead) }, 'given up') : '0'}
    </td>
  </tr>`;
}

function rowsPart({ name, rows }: OpenQueue, reader: Reader): Html {
  return html`<h2 id="rows">${name}</h2>
    ${rows.length === 0 ? html`<p class="empty">Nothing waits here.</p>` : ''}
    <div class="stack">${rows.map((row) => rowCard(name, row, reader))}</div>`;
}

const LABELS: Readonly<Record<QueueRowView['state'], Label>> = {
  due: { tone: 'running', word: 'due' },
  scheduled: { tone: 'quiet', word: 'scheduled' },
  dead: { tone: 'bad', word: 'given up' },
};

function rowCard(name: string, row: QueueRowView, { isAdmin, now }: Reader): Html {
  const next = row.state === 'scheduled' ? html`, next try ${moment(row.retry_at, now)}` : '';
  return html`<article class="staging">
    <header>
      <b>${name} ${row.id}</b> ${aboutPart(name, row)} ${badge(LABELS[row.state])}
      <span class="muted">${row.attempts} tries, queued ${moment(row.queued_at, now)}${next}</span>
      <span class="push"></span>
      ${button(isAdmin, { text: 'Try again', call: `POST /api/queues/${name}/${row.id}/retry`, ask: `Try ${name} ${row.id} again?` })}
      ${button(isAdmin, { text: 'Drop', danger: true, call: `DELETE /api/queues/${name}/${row.id}`, ask: `Give ${name} ${row.id} up for good?` })}
    </header>
    ${row.last_error === null ? '' : html`<p class="reason">${row.last_error}</p>`}
    <details>
      <summary>the row</summary>
      <pre class="subject">${JSON.stringify(row.subject, null, 1)}</pre>
    </details>
  </article>`;
}

/** What a row is about, its pull requests as links; of issues the bot has no page. */
function aboutPart(queue: string, { about, places }: QueueRowView): Html {
  const names = places.map(({ repository, number }) => `${repository}#${number}`);
  if (queue === 'issues' || names.length === 0) return html`<span>${about}</span>`;
  const links = places.map(
    (place, n) => html`${n > 0 ? ', ' : ''}<a href="${pullPath(place)}">${names[n] ?? ''}</a>`,
  );
  return html`<span>${links}${about.slice(names.join(', ').length)}</span>`;
}
