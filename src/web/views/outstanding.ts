import { html } from '../../lib/html.ts';
import type { Html } from '../../lib/html.ts';
import type { OutstandingPort } from '../queries/outstanding.ts';
import type { Reader } from './layout.ts';
import { badge, pullPath } from './pieces.ts';
import { moment } from './time.ts';
import { pullLabel } from './tone.ts';

/** What the form was filled with. */
export interface OutstandingForm {
  readonly project?: string | undefined;
  readonly repository?: string | undefined;
  readonly person?: string | undefined;
  readonly team?: string | undefined;
  readonly days?: number | undefined;
}

/** The ports of one source, oldest first. */
interface SourceGroup {
  readonly source: OutstandingPort['source'];
  readonly ports: OutstandingPort[];
}

/** Ports that have not landed, by source: what its author or reviewer still owes later branches. */
export function outstandingPage(
  ports: readonly OutstandingPort[],
  form: OutstandingForm,
  { now }: Reader,
): Html {
  return html`<section class="page">
    <h1>Outstanding forward-ports <span class="count">${ports.length}</span></h1>
    ${filterForm(form)} ${people(ports)} ${teams(ports)}
    ${ports.length === 0 ? html`<p class="empty">None. Whatever was merged has reached its last branch.</p>` : ''}
    <div class="stack">${groupBySource(ports).map((group) => sourceCard(group, now))}</div>
  </section>`;
}

function filterForm({ project, repository, person, team, days }: OutstandingForm): Html {
  const field = (name: string, value: string | number | undefined, label: string): Html =>
    html`<label>${label} <input name="${name}" value="${value}" autocomplete="off" /></label>`;
  return html`<form class="filters" method="get">
    ${field('project', project, 'Project')} ${field('repository', repository, 'Repository')}
    ${field('person', person, 'Person')} ${field('team', team, 'Team')}
    ${field('days', days, 'At least days old')}
    <button class="button" type="submit">Filter</button>
    <a class="button" href="/forwardports">Clear</a>
  </form>`;
}

/** Who has how many, most first. */
function people(ports: readonly OutstandingPort[]): Html {
  const namesOf = ({ author, approved_by }: OutstandingPort['source']): (string | null)[] => [
    author,
    approved_by,
  ];
  return counted(ports, namesOf, (login) => `/forwardports?person=${encodeURIComponent(login)}`);
}

function teams(ports: readonly OutstandingPort[]): Html {
  const linkTo = (team: string): string => `/forwardports?team=${encodeURIComponent(team)}`;
  return counted(ports, (source) => source.teams, linkTo);
}

function counted(
  ports: readonly OutstandingPort[],
  namesOf: (source: OutstandingPort['source']) => readonly (string | null)[],
  linkTo: (name: string) => string,
): Html {
  const counts = new Map<string, number>();
  for (const { source } of ports)
    for (const name of new Set(namesOf(source)))
      if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort((one, other) => other[1] - one[1]);
  if (sorted.length === 0) return html``;
  return html`<p class="muted people">
    ${sorted.map(([name, count]) => html`<a href="${linkTo(name)}">${name} ${count}</a> `)}
  </p>`;
}

function groupBySource(ports: readonly OutstandingPort[]): SourceGroup[] {
  const groups = new Map<string, SourceGroup>();
  for (const port of ports) {
    const key = `${port.source.repository}#${port.source.number}`;
    const group = groups.get(key) ?? { source: port.source, ports: [] };
    group.ports.push(port);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function sourceCard({ source, ports }: SourceGroup, now: Date): Html {
  const merged = source.merged_at === null ? null : new Date(source.merged_at);
  return html`<article class="staging">
    <header>
      <b><a href="${pullPath(source)}">${source.repository}#${source.number}</a></b>
      <span>${source.title}</span>
      <span class="push"></span>
      <span class="muted"
        >${source.target}${merged && html`, merged ${moment(merged, now)}`}${source.author && html`, by ${source.author}`}${source.approved_by && html`, reviewed by ${source.approved_by}`}</span
      >
    </header>
    <ul class="plain">
      ${ports.map((port) => html`<li class="port">${portLine(port, now)}</li>`)}
    </ul>
  </article>`;
}

function portLine(port: OutstandingPort, now: Date): Html {
  const marks = [
    badge(pullLabel({ state: port.state, draft: false })),
    port.conflict && badge({ tone: 'bad', word: 'conflict' }),
    port.detach_reason !== null && badge({ tone: 'warning', word: 'detached' }, port.detach_reason),
    port.staging !== null && badge({ tone: 'running', word: `staging ${port.staging}` }),
  ];
  return html`<a href="${pullPath(port)}">#${port.number}</a> <b>${port.target}</b> ${marks}
    <span class="muted">opened ${moment(port.opened_at, now)}</span>
    ${port.blocked === null ? '' : html`<span class="reason">${port.blocked}</span>`}`;
}
