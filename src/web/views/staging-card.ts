import { html, link } from '../../lib/html.ts';
import type { Html } from '../../lib/html.ts';
import type { StagedStatus, StagingView } from '../queries/stagings.ts';
import { badge, button, pullLine, shortName } from './pieces.ts';
import type { Reader } from './layout.ts';
import { moment } from './time.ts';
import { SHAPES, stagingLabel, statusLabel } from './tone.ts';

/** A staging with its batches, what CI says of it, and how much of its time is used. */
export function stagingCard(staging: StagingView, reader: Reader): Html {
  return html`<article class="staging is-${stagingLabel(staging).tone}" id="staging-${staging.id}">
    <header>
      <b>Staging ${staging.id}</b> ${badge(stagingLabel(staging))}
      ${staging.parent === null ? '' : html`<span class="muted">split of ${staging.parent}</span>`}
      ${staging.repairs === null ? '' : html`<span class="muted">${REPAIRS[staging.repair ?? 'finish']} ${staging.repairs}</span>`}
      <span class="push"></span> ${actOf(staging, reader)}
    </header>
    ${staging.batches.map((batch) => batchList(batch))} ${statusChips(staging.statuses)}
    ${staging.reason === null ? '' : html`<p class="reason">${staging.reason}</p>`}
    <footer>${clock(staging, reader.now)}</footer>
  </article>`;
}

function batchList({ id, pulls }: StagingView['batches'][number]): Html {
  return html`<ul class="batch plain" data-batch="${id}">
    ${pulls.map((pull) => html`<li>${pullLine(pull)}</li>`)}
  </ul>`;
}

/** Statuses by repository; a click leads to CI's own page. */
function statusChips(statuses: readonly StagedStatus[]): Html {
  if (statuses.length === 0) return html``;
  return html`<ul class="chips plain">
    ${statuses.map((status) => html`<li>${statusChip(status)}</li>`)}
  </ul>`;
}

function statusChip({ repository, context, state, url, required }: StagedStatus): Html {
  const { tone, word } = statusLabel(state);
  const text = html`<span class="shape" aria-hidden="true">${SHAPES[tone]}</span
    >${shortName(repository)}<span class="muted"> ${context}</span>
    <span class="word">${word}</span>`;
  const optional = required ? '' : 'optional';
  return html`<span class="chip is-${tone} ${optional}">${link(url, text)}</span>`;
}

function clock({ active, staged_at, ended_at, timeout_at }: StagingView, now: Date): Html {
  if (!active)
    return html`staged
    ${moment(staged_at, now)}${ended_at && html`, ended ${moment(ended_at, now)}`}`;
  const [start, end] = [staged_at.getTime(), timeout_at.getTime()];
  const used = Math.min(
    100,
    Math.max(0, Math.round((100 * (now.getTime() - start)) / (end - start || 1))),
  );
  return html`staged ${moment(staged_at, now)}
    <progress max="100" value="${used}" title="${used} % of its time is used"></progress> time-out
    ${moment(timeout_at, now)}`;
}

const REPAIRS = { finish: 'finishes', revert: 'reverts' } as const;

function actOf(staging: StagingView, { isAdmin }: Reader): Html {
  const { id, active, state } = staging;
  if (active)
    return button(isAdmin, {
      ...{ text: 'Cancel', danger: true, call: `POST /api/stagings/${id}/cancel` },
      ask: `Cancel staging ${id}? Its batches wait again.`,
    });
  if (state === 'partial' && staging.ended_at === null) return repairActs(id, isAdmin);
  if (state === 'success' || state === 'partial' || staging.repairs !== null) return html``;
  return button(isAdmin, {
    ...{ text: 'Retry', call: `POST /api/stagings/${id}/retry` },
    ask: `Stage the batches of staging ${id} again?`,
  });
}

/** The two ways out of a landing that stopped half-way. */
function repairActs(id: number, isAdmin: boolean): Html {
  return html`${button(isAdmin, {
    ...{ text: 'Finish', call: `POST /api/stagings/${id}/finish` },
    ask: `Test what is missing of staging ${id} on the targets as they are, and land it?`,
  })}
  ${button(isAdmin, {
    ...{ text: 'Revert', danger: true, call: `POST /api/stagings/${id}/revert` },
    ask: `Undo what landed of staging ${id} by new commits?`,
  })}`;
}
