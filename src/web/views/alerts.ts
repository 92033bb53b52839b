import { html } from '../../lib/html.ts';
import type { Html } from '../../lib/html.ts';
import type { Alerts, BranchAlert, PartialAlert } from '../queries/alerts.ts';
import type { CronView } from '../queries/crons.ts';
import { branchPath } from './pieces.ts';
import { moment } from './time.ts';

/** What is off, stuck or broken, worst first; nothing when all is well. */
export function alertList(alerts: Alerts, now: Date): Html {
  const items = [
    ...alerts.projects.filter(({ frozen }) => frozen).map(({ name }) => frozenProject(name)),
    ...alerts.partial.map((one) => stoppedLanding(one)),
    ...alerts.dead.map(({ queue, count }) => deadLetters(queue, count)),
    ...alerts.failing.map((cron) => failingCron(cron)),
    ...alerts.slow.map((cron) => slowCron(cron, now)),
    ...(alerts.listening ? [] : [deafListener()]),
    ...alerts.off.map((cron) => switchedOff(cron, now)),
    ...alerts.projects
      .filter(({ stagingEnabled }) => !stagingEnabled)
      .map(({ name }) =>
        alert('warning', html`Staging is switched off in project <b>${name}</b>.`),
      ),
    ...alerts.branches.map((one) => stagingOff(one)),
  ];
  return items.length === 0
    ? html``
    : html`<ul class="alerts plain">
        ${items}
      </ul>`;
}

function alert(tone: 'bad' | 'warning', text: Html): Html {
  return html`<li class="alert is-${tone}">
    <span class="shape" aria-hidden="true">!</span><span>${text}</span>
  </li>`;
}

function frozenProject(name: string): Html {
  return alert(
    'bad',
    html`Project <b>${name}</b> is frozen: nothing lands until a landing that stopped half-way is
      repaired.`,
  );
}

function stagingOff({ project, branch, by, reason }: BranchAlert): Html {
  const place = html`<a href="${branchPath(project, branch)}">${project} ${branch}</a>`;
  return alert(
    'warning',
    html`Staging is switched off on ${place} (${by ?? 'nobody known'}):
    ${reason ?? 'no reason given'}.`,
  );
}

function stoppedLanding({ id, project, branch, reason, repairedBy }: PartialAlert): Html {
  const place = html`<a href="${branchPath(project, branch)}#staging-${id}">Staging ${id}</a>`;
  const then =
    repairedBy === null ? 'Finish or revert it.' : `Staging ${repairedBy} is to repair it.`;
  return alert('bad', html`${place} landed in some repositories only: ${reason}. ${then}`);
}

function deadLetters(queue: string, count: number): Html {
  const rows = count === 1 ? 'row was' : 'rows were';
  return alert(
    'bad',
    html`${count} ${rows} given up in queue <a href="/queues?name=${queue}">${queue}</a>: somebody
      must look.`,
  );
}

function failingCron({ name, failures, last_error }: CronView): Html {
  const times = failures === 1 ? 'once' : `${failures} times in a row`;
  return alert('bad', html`Cron <a href="/crons">${name}</a> failed ${times}: ${last_error}`);
}

function slowCron({ name, started_at: since }: CronView, now: Date): Html {
  return alert(
    'warning',
    html`A run of cron <a href="/crons">${name}</a> that began ${moment(since, now)} is not over.`,
  );
}

function deafListener(): Html {
  return alert(
    'warning',
    html`The listener is reconnecting to the database: work starts late, none is lost.`,
  );
}

function switchedOff({ name, changed_by, changed_at, reason, until }: CronView, now: Date): Html {
  const since = changed_at === null ? '' : html`, ${moment(changed_at, now)}`;
  const end = until === null ? '' : html`; on again ${moment(until, now)}`;
  return alert(
    'warning',
    html`Cron <a href="/crons">${name}</a> is off (${changed_by ?? 'nobody known'}${since}):
      ${reason ?? 'no reason given'}${end}.`,
  );
}
