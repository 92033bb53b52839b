import { html } from '../../lib/html.ts';
import type { Html } from '../../lib/html.ts';
import type { PortCell, PortTable } from '../queries/port-table.ts';
import { badge, pullPath, shortName } from './pieces.ts';
import { pullLabel } from './tone.ts';

/** The table of ports: branches down, repositories across (spec 9.3). A chain of one on one branch needs none. */
export function portsPart(
  table: PortTable,
  self: { readonly repository: string; readonly number: number },
): Html {
  if (table.cells.length < 2 && table.branches.length < 2) return html``;
  return html`<section class="part">
    <h2>Branches and ports</h2>
    <div class="scroll">
      <table class="ports">
        <thead>
          <tr>
            <th scope="col">Branch</th>
            ${table.repositories.map((name) => html`<th scope="col">${shortName(name)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${table.branches.map((branch) => row(table, branch, self))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function row(
  table: PortTable,
  branch: PortTable['branches'][number],
  self: { readonly repository: string; readonly number: number },
): Html {
  const cells = table.repositories.map((repository) => {
    const inside = table.cells.filter(
      (cell) => cell.target === branch.name && cell.repository === repository,
    );
    return html`<td>${inside.map((cell) => cellText(cell, self))}</td>`;
  });
  return html`<tr class="${branch.active ? '' : 'is-off'}">
    <th scope="row">
      ${branch.name}${branch.active ? '' : html` <span class="muted">(disabled)</span>`}
    </th>
    ${cells}
  </tr>`;
}

function cellText(
  { pull, reason, state, conflict, detached, staging }: PortCell,
  self: { readonly repository: string; readonly number: number },
): Html {
  if (pull === null)
    return html`<div class="cell muted">
      ${reason ?? (state === 'pushed' ? 'being opened' : 'planned')}
    </div>`;
  const isSelf = pull.repository === self.repository && pull.number === self.number;
  const marks = [
    conflict && badge({ tone: 'bad', word: 'conflict' }),
    detached !== null && badge({ tone: 'warning', word: 'detached' }, detached),
    staging !== null && badge({ tone: 'running', word: `staging ${staging}` }),
  ];
  return html`<div class="cell${isSelf ? ' is-self' : ''}">
    <a href="${pullPath(pull)}" title="${pull.title}">#${pull.number}</a> ${badge(pullLabel(pull))}
    ${marks}
  </div>`;
}
