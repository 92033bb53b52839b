/** The verdict over all contexts that count. */
export type StatusState = 'pending' | 'success' | 'failure';

/** What CI says about one context: commit statuses and check runs in one alphabet (R10). */
export type CiState =
  | 'success'
  | 'neutral'
  | 'skipped'
  | 'failure'
  | 'error'
  | 'startup_failure'
  | 'pending'
  | 'cancelled'
  | 'timed_out'
  | 'stale'
  | 'action_required';

/** One CI context the repository asks for. The caller has applied the branch filter already. */
export interface RequiredStatus {
  readonly context: string;
  readonly prs: 'required' | 'optional' | 'ignored';
  readonly stagings: boolean;
}

/** The newest word of CI on one context of one commit. */
export interface ReceivedStatus {
  readonly context: string;
  readonly state: CiState;
  readonly url: string | null;
  readonly description: string | null;
  readonly at: Date;
}

/** Somebody with the right to do so vouched for a context; `url` leads to his comment. */
export interface StatusOverride {
  readonly context: string;
  readonly url: string | null;
}

/** What is asked of {@link verdict}. */
export interface VerdictFacts {
  readonly purpose: 'pull-request' | 'staging';
  readonly required: readonly RequiredStatus[];
  readonly received: readonly ReceivedStatus[];
  /** Own and inherited overrides; they win over anything received. */
  readonly overrides?: readonly StatusOverride[];
}

/** One line of the check list. */
export interface ContextVerdict {
  readonly context: string;
  readonly state: 'absent' | CiState;
  /** Its absence holds the verdict. An optional context counts only once CI spoke about it. */
  readonly required: boolean;
  /** It takes part in the verdict; the others are shown only. */
  readonly counts: boolean;
  readonly url: string | null;
  readonly description: string | null;
  readonly at: Date | null;
  readonly overridden?: true;
}

/** The verdict and what it rests on. Contexts that count come first, in the order of the settings. */
export interface Verdict {
  readonly state: StatusState;
  readonly contexts: readonly ContextVerdict[];
  /** Required contexts CI never spoke about. */
  readonly missing: readonly string[];
  /** Counting contexts that failed: the change's fault. */
  readonly failed: readonly string[];
  /** Counting contexts that ended without a verdict on the change (cancelled and the like, R10). */
  readonly held: readonly string[];
  /** When a counting context was last heard to be really pending; extends the time-out (R11). */
  readonly lastPendingAt: Date | null;
}

const MEANING: Readonly<Record<CiState, 'good' | 'bad' | 'running' | 'held'>> = {
  success: 'good',
  neutral: 'good',
  skipped: 'good',
  failure: 'bad',
  error: 'bad',
  startup_failure: 'bad',
  pending: 'running',
  cancelled: 'held',
  timed_out: 'held',
  stale: 'held',
  action_required: 'held',
};
const GRAVITY = { good: 0, running: 1, held: 2, bad: 3 } as const;

/**
 * Judges a commit for a pull request or a staging (spec 2.2, 6.1; R10).
 *
 * Any failure of a counting context is a failure; else anything absent and required, pending or
 * held is pending; else success. No counting context at all is a success. The order of `received`
 * does not matter: the newest word per context counts, the graver one of two of the same moment.
 */
export function verdict(facts: VerdictFacts): Verdict {
  const heard = newestByContext(facts.received);
  const overrides = new Map((facts.overrides ?? []).map((one) => [one.context, one]));
  const counting = [...countingContexts(facts)].map(([context, required]) =>
    judgeContext({
      context,
      required,
      counts: true,
      heard: heard.get(context),
      override: overrides.get(context),
    }),
  );
  const counted = new Set(counting.map((one) => one.context));
  const shown = [...heard.keys()]
    .filter((context) => !counted.has(context))
    .sort()
    .map((context) =>
      judgeContext({
        context,
        required: false,
        counts: false,
        heard: heard.get(context),
        override: undefined,
      }),
    );
  return conclude(counting, shown);
}

/** Translates a check run's `status` and `conclusion` (GitHub REST, "check runs") to one word. */
export function checkRunState(status: string, conclusion: string | null): CiState {
  if (status !== 'completed') return 'pending';
  return conclusion !== null && Object.hasOwn(MEANING, conclusion)
    ? (conclusion as CiState)
    : 'stale';
}

/** Tells a failure of the change from anything else; `absent` is none. */
export function isFailure(state: 'absent' | CiState): boolean {
  return state !== 'absent' && MEANING[state] === 'bad';
}

/**
 * Gives the failing contexts nobody was told about yet: once per context, state and url (R16,
 * better behaviour 37). A changed description alone is not news; a rebuild with a new url is.
 */
export function unreportedFailures(
  contexts: readonly ContextVerdict[],
  reported: readonly {
    readonly context: string;
    readonly state: string;
    readonly url: string | null;
  }[],
): ContextVerdict[] {
  const known = new Set(reported.map((one) => JSON.stringify([one.context, one.state, one.url])));
  return contexts.filter(
    (one) =>
      one.counts &&
      isFailure(one.state) &&
      !known.has(JSON.stringify([one.context, one.state, one.url])),
  );
}

function countingContexts(facts: VerdictFacts): Map<string, boolean> {
  const contexts = new Map<string, boolean>();
  for (const row of facts.required) {
    if (facts.purpose === 'staging' ? !row.stagings : row.prs === 'ignored') continue;
    const required = facts.purpose === 'staging' || row.prs === 'required';
    contexts.set(row.context, required || contexts.get(row.context) === true);
  }
  return contexts;
}

function newestByContext(received: readonly ReceivedStatus[]): Map<string, ReceivedStatus> {
  const newest = new Map<string, ReceivedStatus>();
  for (const one of received) {
    const other = newest.get(one.context);
    if (other === undefined || isNewer(one, other)) newest.set(one.context, one);
  }
  return newest;
}

/** A total order on different words, so that no order of arrival can change the verdict. */
function isNewer(one: ReceivedStatus, other: ReceivedStatus): boolean {
  const later = one.at.getTime() - other.at.getTime();
  if (later !== 0) return later > 0;
  const graver = GRAVITY[MEANING[one.state]] - GRAVITY[MEANING[other.state]];
  if (graver !== 0) return graver > 0;
  return JSON.stringify(one) > JSON.stringify(other);
}

interface ContextFacts {
  readonly context: string;
  readonly required: boolean;
  readonly counts: boolean;
  readonly heard: ReceivedStatus | undefined;
  readonly override: StatusOverride | undefined;
}

function judgeContext({
  context,
  required,
  counts,
  heard,
  override,
}: ContextFacts): ContextVerdict {
  const base = {
    context,
    required,
    counts,
    description: heard?.description ?? null,
    at: heard?.at ?? null,
  };
  if (override !== undefined)
    return { ...base, state: 'success', url: override.url, overridden: true };
  return { ...base, state: heard?.state ?? 'absent', url: heard?.url ?? null };
}

function conclude(counting: readonly ContextVerdict[], shown: readonly ContextVerdict[]): Verdict {
  const meant = (meaning: string): ContextVerdict[] =>
    counting.filter((one) => one.state !== 'absent' && MEANING[one.state] === meaning);
  const missing = counting.filter((one) => one.required && one.state === 'absent');
  const running = meant('running');
  const failed = meant('bad');
  const held = meant('held');
  const waits = missing.length + running.length + held.length > 0;
  return {
    state: failed.length > 0 ? 'failure' : waits ? 'pending' : 'success',
    contexts: [...counting, ...shown],
    missing: missing.map((one) => one.context),
    failed: failed.map((one) => one.context),
    held: held.map((one) => one.context),
    lastPendingAt: latest(running.map((one) => one.at)),
  };
}

function latest(times: readonly (Date | null)[]): Date | null {
  return times.reduce(
    (last, time) => (last === null || (time !== null && time > last) ? time : last),
    null,
  );
}
