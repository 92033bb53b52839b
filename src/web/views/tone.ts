import type { StagingState } from '../../models/staging.ts';
import type { PullRequestState } from '../../rules/pull-request.ts';
import type { CiState } from '../../rules/status.ts';

/** What a colour means; it is never alone: a shape and a word say the same. */
export type Tone = 'good' | 'bad' | 'running' | 'warning' | 'quiet' | 'done';

/** The shape that goes with a tone, for those who do not see the colour. */
export const SHAPES: Readonly<Record<Tone, string>> = {
  good: '✓',
  bad: '✕',
  running: '◐',
  warning: '!',
  quiet: '○',
  done: '●',
};

/** A word with its tone. */
export interface Label {
  readonly tone: Tone;
  readonly word: string;
}

/** How a staging is shown. A green one that is still active is being landed. */
export function stagingLabel(staging: {
  readonly state: StagingState;
  readonly active: boolean;
}): Label {
  switch (staging.state) {
    case 'pending':
      return { tone: 'running', word: 'running' };
    case 'success':
      return staging.active ? { tone: 'good', word: 'landing' } : { tone: 'good', word: 'landed' };
    case 'failure':
      return { tone: 'bad', word: 'failed' };
    case 'cancelled':
      return { tone: 'quiet', word: 'cancelled' };
    case 'ff_failed':
      return { tone: 'quiet', word: 'target moved' };
    case 'partial':
      return { tone: 'bad', word: 'half landed' };
  }
}

/** How a pull request is shown. */
export function pullLabel(pull: {
  readonly state: PullRequestState;
  readonly draft: boolean;
}): Label {
  if (pull.draft && pull.state !== 'merged' && pull.state !== 'closed')
    return { tone: 'quiet', word: 'draft' };
  return PULL_LABELS[pull.state];
}

const PULL_LABELS: Readonly<Record<PullRequestState, Label>> = {
  opened: { tone: 'quiet', word: 'opened' },
  validated: { tone: 'warning', word: 'validated' },
  approved: { tone: 'warning', word: 'approved' },
  ready: { tone: 'running', word: 'ready' },
  merged: { tone: 'done', word: 'merged' },
  error: { tone: 'bad', word: 'error' },
  closed: { tone: 'quiet', word: 'closed' },
};

/** How a CI context is shown. */
export function statusLabel(state: 'absent' | CiState): Label {
  if (state === 'absent') return { tone: 'quiet', word: 'no word yet' };
  return { tone: CI_TONES[state], word: state.replaceAll('_', ' ') };
}

/** R10: what ended without a verdict on the change is a warning, not a failure. */
const CI_TONES: Readonly<Record<CiState, Tone>> = {
  ...{ success: 'good', neutral: 'good', skipped: 'good', pending: 'running' },
  ...{ failure: 'bad', error: 'bad', startup_failure: 'bad' },
  ...{ cancelled: 'warning', timed_out: 'warning', stale: 'warning', action_required: 'warning' },
};
