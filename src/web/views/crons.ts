import { html } from '../../lib/html.ts';
import type { Html } from '../../lib/html.ts';
import type { CronView } from '../queries/crons.ts';
import type { QueueCount } from '../queries/queue-counts.ts';
import type { Reader } from './layout.ts';
import { badge, button } from './pieces.ts';
import { moment } from './time.ts';

/** The switches (R3): each cron, what it does now, and what waits for it. */
export function cronsPage(
  crons: readonly CronView[],
  queues: Readonly<Record<string, QueueCount>>,
  reader: Reader,
): Html {
  return html`<section class="page">
    <h1>Crons</h1>
    <p class="muted">
      A cron that is off does no work and loses none: what comes meanwhile waits, and is done once
      it is on again.
    </p>
    <div class="scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Cron</th>
            <th scope="col">Switch</th>
            <th scope="col">Now</th>
            <th scope="col">Waiting</th>
            <th scope="col">Last success</th>
            <th scope="col">Next</th>
            <th scope="col"><span class="hidden">Acts</span></th>
          </tr>
        </thead>
        <tbody>
          ${crons.map((cron) => row(cron, queues[cron.name], reader))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function row(cron: CronView, queue: QueueCount | undefined, reader: Reader): Html {
  const { name, active, succeeded_at, next_at } = cron;
  return html`<tr id="cron-${name}">
    <th scope="row">${name}</th>
    <td data-label="Switch">
      ${active ? badge({ tone: 'good', word: 'on' }) : off(cron, reader.now)}
    </td>
    <td data-label="Now">${doing(cron)}</td>
    <td data-label="Waiting">${queue === undefined ? '–' : waiting(name, queue)}</td>
    <td data-label="Last success">${moment(succeeded_at, reader.now)}</td>
    <td data-label="Next">${next_at === null ? '–' : moment(next_at, reader.now)}</td>
    <td class="acts">${acts(cron, reader)}</td>
  </tr>`;
}

function off({ changed_by, changed_at, reason, until }: CronView, now: Date): Html {
  return html`${badge({ tone: 'warning', word: 'off' })}
    <span class="muted"
      >${changed_by ?? 'nobody known'}${changed_at && html`, ${moment(changed_at, now)}`}:
      ${reason ?? 'no reason given'}${until && html`; on again ${moment(until, now)}`}</span
    >`;
}

function doing({ running, due, failures, last_error }: CronView): Html {
  if (failures > 0)
    return html`${badge({ tone: 'bad', word: 'failing' })}
      <span class="reason">${last_error}</span>`;
  if (running) return badge({ tone: 'running', word: 'running' });
  return due ? badge({ tone: 'running', word: 'due' }) : html`<span class="muted">quiet</span>`;
}

function waiting(name: string, { waiting: open, dead }: QueueCount): Html {
  return html`<a href="/queues?name=${name}">${open}</a
    >${dead > 0 ? html` ${badge({ tone: 'bad', word: `${dead} dead` })}` : ''}`;
}

function acts({ name, active }: CronView, { isAdmin }: Reader): Html {
  return html`${button(isAdmin, {
    text: active ? 'Turn off' : 'Turn on',
    danger: active,
    call: `PATCH /api/crons/${name}`,
    body: { active: !active, expected: { active } },
    ask: `Turn ${name} ${active ? 'off' : 'on'}?`,
  })}
  ${button(isAdmin, { text: 'Look now', call: `POST /api/crons/${name}/trigger`, ask: `Let ${name} look now?` })}`;
}
