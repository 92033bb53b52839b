import { html } from '../../lib/html.ts';
import type { Html } from '../../lib/html.ts';
import { ROLE_PHRASES } from '../../rules/command-table.ts';
import type { RightView } from '../queries/rights.ts';

/** The table of rights of one project. */
export interface ProjectRights {
  readonly project: string;
  readonly rights: readonly RightView[];
}

/** Who may give which command, and who changed that (R15). */
export function rightsPage(projects: readonly ProjectRights[]): Html {
  return html`<section class="page">
    <h1>Rights</h1>
    <p class="muted">
      Who may give which command. Any one of the roles is enough. Admins change a row with
      <code>stagecoach rights set</code>.
    </p>
    ${projects.map(projectPart)}
  </section>`;
}

function projectPart({ project, rights }: ProjectRights): Html {
  return html`<h2>${project}</h2>
    <div class="scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Command</th>
            <th scope="col">Written</th>
            <th scope="col">For</th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          ${rights.map(row)}
        </tbody>
      </table>
    </div>`;
}

function row({ command, syntax, roles, file, local }: RightView): Html {
  const who = roles.map((role) => ROLE_PHRASES[role]).join('; ');
  const changed = [file && 'by the file', local && 'by an admin'].filter(Boolean).join(', ');
  return html`<tr>
    <th scope="row">${command}</th>
    <td data-label="Written"><code>${syntax}</code></td>
    <td data-label="For">${who === '' ? 'nobody' : who}</td>
    <td data-label="Changed">${changed === '' ? '–' : changed}</td>
  </tr>`;
}
