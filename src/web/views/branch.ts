import { html } from '../../lib/html.ts';
import type { Html } from '../../lib/html.ts';
import type { StagingView } from '../queries/stagings.ts';
import type { Reader } from './layout.ts';
import { branchPath } from './pieces.ts';
import { stagingCard } from './staging-card.ts';

/** The states one can ask for, with their words. */
export const HISTORY_STATES = ['success', 'failure', 'cancelled'] as const;

/** What the page of a branch shows. */
export interface BranchHistory {
  readonly project: string;
  readonly branch: string;
  readonly state: string | undefined;
  readonly stagings: readonly StagingView[];
  /** Cursor of the next page. */
  readonly next: number | undefined;
}

/** The stagings of a branch, newest first. */
export function branchHistory(history: BranchHistory, reader: Reader): Html {
  const { project, branch, state, stagings, next } = history;
  const path = branchPath(project, branch);
  return html`<section class="page">
    <h1><a class="muted" href="/#project-${project}">${project}</a> / ${branch}</h1>
    <nav class="filters" aria-label="States">
      ${filter(path, { text: 'all', chosen: state === undefined })}
      ${HISTORY_STATES.map((one) => filter(path, { text: one, chosen: state === one, query: `?state=${one}` }))}
    </nav>
    ${stagings.length === 0 ? html`<p class="empty">No staging here yet.</p>` : ''}
    <div class="stack">${stagings.map((staging) => stagingCard(staging, reader))}</div>
    ${next === undefined ? '' : html`<a class="button" href="${path}?${older(state, next)}">Older</a>`}
  </section>`;
}

function filter(
  path: string,
  { text, chosen, query = '' }: { text: string; chosen: boolean; query?: string },
): Html {
  return chosen
    ? html`<a href="${path}${query}" aria-current="true">${text}</a>`
    : html`<a href="${path}${query}">${text}</a>`;
}

function older(state: string | undefined, after: number): string {
  return new URLSearchParams({
    ...(state !== undefined && { state }),
    after: String(after),
  }).toString();
}
