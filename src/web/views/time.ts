import { html } from '../../lib/html.ts';
import type { Html } from '../../lib/html.ts';

const STEPS = [
  { ms: 86_400_000, unit: 'd' },
  { ms: 3_600_000, unit: 'h' },
  { ms: 60_000, unit: 'min' },
] as const;

/** A length of time in its largest unit, rounded down: `3 min`, `2 h`, `5 d`. */
function formatSpan(ms: number): string {
  const step = STEPS.find((each) => ms >= each.ms);
  return step
    ? `${Math.floor(ms / step.ms)} ${step.unit}`
    : `${Math.max(0, Math.floor(ms / 1000))} s`;
}

/** A moment as seen from now: `3 min ago`, `in 2 h`. */
export function formatWhen(then: Date, now: Date): string {
  const ms = now.getTime() - then.getTime();
  return ms >= 0 ? `${formatSpan(ms)} ago` : `in ${formatSpan(-ms)}`;
}

/** A moment; the page's script keeps the words true while it is open. The exact time is in the title. */
export function moment(then: Date | null, now: Date): Html {
  if (then === null) return html`<span class="muted">never</span>`;
  const iso = then.toISOString();
  const exact = `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
  return html`<time datetime="${iso}" title="${exact}">${formatWhen(then, now)}</time>`;
}
