import { html } from '../../lib/html.ts';
import type { Html } from '../../lib/html.ts';
import type { EndedStaging, QueuedBatch } from '../queries/board.ts';
import type { BranchBoard, ProjectBoard } from './dashboard-model.ts';
import type { Reader } from './layout.ts';
import { branchPath, button, pullLine, section } from './pieces.ts';
import { stagingCard } from './staging-card.ts';
import { formatWhen } from './time.ts';
import { SHAPES, stagingLabel } from './tone.ts';

/** All projects and branches: what runs, what comes next, what waits for somebody. */
export function dashboard(projects: readonly ProjectBoard[], reader: Reader): Html {
  if (projects.length === 0)
    return html`<p class="empty">
      There is no project yet. <code>stagecoach apply</code> makes one.
    </p>`;
  return html`${projects.map((project) => projectPart(project, reader))}`;
}

function projectPart(project: ProjectBoard, reader: Reader): Html {
  return html`<section class="project" id="project-${project.name}">
    <h1>
      ${project.name} <span class="muted repositories">${project.repositories.join(', ')}</span>
      <span class="push"></span> ${projectSwitch(project, reader)}
    </h1>
    <div class="lanes">${project.boards.map((board) => lane(project.name, board, reader))}</div>
  </section>`;
}

function projectSwitch({ name, stagingEnabled }: ProjectBoard, { isAdmin }: Reader): Html {
  const [verb, text] = stagingEnabled ? ['off', 'Stop staging'] : ['on', 'Resume staging'];
  return button(isAdmin, {
    text,
    call: `PATCH /api/projects/${encodeURIComponent(name)}`,
    body: { staging_enabled: !stagingEnabled, expected: { staging_enabled: stagingEnabled } },
    ask: `Switch staging ${verb} in project ${name}?`,
  });
}

function lane(project: string, board: BranchBoard, reader: Reader): Html {
  return html`<section class="lane${board.stagingEnabled ? '' : ' is-off'}" id="branch-${board.id}">
    <h2>
      <a href="${branchPath(project, board.name)}">${board.name}</a>
      ${board.stagingEnabled ? '' : html`<span class="badge is-warning">staging off</span>`}
      ${board.ports === 0 ? '' : html`<a class="muted" href="/forwardports?project=${project}">${ports(board.ports)}</a>`}
      <span class="push"></span> ${laneSwitch(project, board, reader)}
    </h2>
    ${board.running.map((staging) => stagingCard(staging, reader))}
    ${isQuiet(board) ? html`<p class="muted quiet">Nothing runs or waits.</p>` : ''}
    ${board.splits.map((split) =>
      section(`Split of staging ${split.of}`, split.batches.map(batchLine), 'is-warning'),
    )}
    ${section('Next', board.waiting.map(batchLine), 'is-running')}
    ${section('Blocked', board.blocked.map(batchLine), 'is-warning')}
    ${section('In error', board.failed.map(batchLine), 'is-bad')}
    ${section(
      'Lately',
      board.ended.slice(0, LATELY).map((one) => endedLine(one, reader.now)),
      'is-quiet',
    )}
    ${history(project, board, reader.now)}
  </section>`;
}

function ports(count: number): string {
  return count === 1 ? '1 open port' : `${count} open ports`;
}

function isQuiet({ running, splits, waiting, blocked, failed }: BranchBoard): boolean {
  return [running, splits, waiting, blocked, failed].every((part) => part.length === 0);
}

function laneSwitch(project: string, board: BranchBoard, { isAdmin }: Reader): Html {
  const { name, stagingEnabled } = board;
  return button(isAdmin, {
    text: stagingEnabled ? 'Stop' : 'Resume',
    call: `PATCH /api/projects/${encodeURIComponent(project)}/branches/${encodeURIComponent(name)}`,
    body: { staging_enabled: !stagingEnabled, expected: { staging_enabled: stagingEnabled } },
    ask: `Switch staging ${stagingEnabled ? 'off' : 'on'} on ${name}?`,
  });
}

function batchLine(batch: QueuedBatch): Html {
  const why = batch.failed ? batch.error : batch.blocked;
  const priority =
    batch.priority === 'default' ? '' : html`<span class="badge is-quiet">${batch.priority}</span>`;
  return html`<div class="batch" data-batch="${batch.id}">
    ${batch.pulls.map(pullLine)} ${priority} ${why && html`<p class="reason">${why}</p>`}
  </div>`;
}

/** How many ended stagings are told in words; the squares show the others. */
const LATELY = 3;

/** What was in a staging that ended, and how it did. */
function endedLine(staging: EndedStaging, now: Date): Html {
  const { tone, word } = stagingLabel({ state: staging.state, active: false });
  const pulls = staging.pulls.map(
    (name) => html`<a href="/${name.replace('#', '/pull/')}">${name}</a> `,
  );
  return html`<div class="batch">
    <span class="badge is-${tone}"><span aria-hidden="true">${SHAPES[tone]}</span> ${word}</span>
    ${pulls} <span class="muted">${formatWhen(staging.endedAt ?? staging.stagedAt, now)}</span>
  </div>`;
}

/** The last stagings, newest first, as small squares: shape and colour say how each ended, the title says the rest. */
function history(project: string, { name, ended }: BranchBoard, now: Date): Html {
  if (ended.length === 0) return html``;
  return html`<nav class="history" aria-label="Last stagings of ${name}, newest first">
    ${ended.map((staging) => square(branchPath(project, name), staging, now))}
  </nav>`;
}

function square(path: string, staging: EndedStaging, now: Date): Html {
  const { tone, word } = stagingLabel({ state: staging.state, active: false });
  const when = formatWhen(staging.endedAt ?? staging.stagedAt, now);
  const reason = staging.reason === null ? '' : ` (${staging.reason})`;
  const title = `Staging ${staging.id} ${word}${reason}, ${when}: ${staging.pulls.join(', ')}`;
  return html`<a class="square is-${tone}" href="${path}#staging-${staging.id}" title="${title}"
    ><span aria-hidden="true">${SHAPES[tone]}</span><span class="hidden">${title}</span></a
  >`;
}
