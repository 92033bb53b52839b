import type { MergeMethod } from './merge-method.ts';
import type { Verdict } from './status.ts';

/** Who can move a closed gate. */
export type GateActor =
  'author' | 'reviewer' | 'author or reviewer' | 'ci' | 'administrator' | 'bot' | 'nobody';

/** One condition of landing. The shape is that of the API (contract 4). */
export interface Gate {
  readonly gate: GateName;
  readonly ok: boolean;
  /** Since when it is as it is, when known. */
  readonly since: Date | null;
  /** A short phrase for people. */
  readonly detail: string;
  /** Null when the gate is open. */
  readonly who_can_act: GateActor | null;
}

/** Gates in the order in which a pull request meets them. */
export type GateName =
  | 'open'
  | 'target'
  | 'draft'
  | 'error'
  | 'method'
  | 'statuses'
  | 'review'
  | 'linked'
  | 'targets'
  | 'branch-staging'
  | 'project-staging'
  | 'freeze'
  | 'staging-cron'
  | 'merge-cron'
  | 'turn';

/** A switch with who turned it off, why and when. */
export interface SwitchFacts {
  readonly on: boolean;
  readonly by: string | null;
  readonly reason: string | null;
  readonly since: Date | null;
}

/** Everything the gates are judged by. Times are those of the last change, when known. */
export interface GateFacts {
  readonly closed: boolean;
  readonly merged: boolean;
  readonly endedAt: Date | null;
  readonly target: { readonly name: string; readonly managed: boolean; readonly active: boolean };
  readonly draft: boolean;
  readonly error: { readonly reason: string | null; readonly since: Date | null } | null;
  /** `commits` null: not counted yet. */
  readonly method: { readonly configured: MergeMethod | null; readonly commits: number | null };
  readonly skipchecks: boolean;
  readonly statuses: Verdict;
  readonly review: { readonly by: string | null; readonly at: Date | null };
  /** Other open pull requests of the batch: null phrase when ready. */
  readonly linked: readonly {
    readonly name: string;
    readonly target: string;
    readonly phrase: string | null;
  }[];
  readonly branchStaging: SwitchFacts;
  readonly projectStaging: SwitchFacts;
  /** Why nothing may land on the branch (an unfinished landing, a freeze), or null. */
  readonly frozen: { readonly reason: string; readonly since: Date | null } | null;
  readonly stagingCron: SwitchFacts;
  readonly mergeCron: SwitchFacts;
  /** The running staging of the branch, and whether this pull request is in it. */
  readonly staging: {
    readonly id: number;
    readonly own: boolean;
    readonly since: Date;
    readonly waitingFor: readonly string[];
  } | null;
}

/**
 * Answers "why is it not merging" (R12): every gate in order, open or closed, each closed one with
 * who can act. The same list stands on the page, in `info`, in the API and on the command line.
 */
export function gates(facts: GateFacts): Gate[] {
  return [
    openGate(facts),
    targetGate(facts),
    gate('draft', !facts.draft, { yes: 'not a draft', no: 'is a draft', who: 'author' }),
    errorGate(facts),
    methodGate(facts),
    statusGate(facts),
    reviewGate(facts),
    linkedGate(facts),
    targetsGate(facts),
    switchGate('branch-staging', facts.branchStaging, `staging on ${facts.target.name}`),
    switchGate('project-staging', facts.projectStaging, 'staging in the project'),
    freezeGate(facts),
    switchGate('staging-cron', facts.stagingCron, 'the cron that creates stagings'),
    switchGate('merge-cron', facts.mergeCron, 'the cron that merges stagings'),
    turnGate(facts),
  ];
}

interface Words {
  readonly yes: string;
  readonly no: string;
  readonly who: GateActor;
  readonly since?: Date | null;
}

function gate(name: GateName, ok: boolean, { yes, no, who, since = null }: Words): Gate {
  return { gate: name, ok, since, detail: ok ? yes : no, who_can_act: ok ? null : who };
}

function openGate({ closed, merged, endedAt }: GateFacts): Gate {
  const no = merged ? 'has been merged' : 'is closed';
  const who = merged ? 'nobody' : 'author';
  return gate('open', !closed && !merged, { yes: 'is open', no, who, since: endedAt });
}

function targetGate({ target }: GateFacts): Gate {
  const no = target.managed
    ? `${target.name} is disabled`
    : `${target.name} is not managed by the bot`;
  return gate('target', target.managed && target.active, {
    yes: `onto ${target.name}`,
    no,
    who: 'author',
  });
}

function errorGate({ error }: GateFacts): Gate {
  const no = error?.reason ?? 'failed at staging';
  return gate('error', error === null, {
    yes: 'no error',
    no,
    who: 'author or reviewer',
    since: error?.since ?? null,
  });
}

function methodGate({ method }: GateFacts): Gate {
  const single = method.commits === 1;
  const yes =
    method.configured ?? (single ? 'rebase-ff (single commit)' : 'commits not counted yet');
  const ok = method.configured !== null || single || method.commits === null;
  return gate('method', ok, {
    yes,
    no: 'several commits, no merge method chosen',
    who: 'reviewer',
  });
}

function statusGate({ statuses, skipchecks }: GateFacts): Gate {
  if (skipchecks) return gate('statuses', true, { yes: 'skipped', no: '', who: 'ci' });
  const { missing, failed, held } = statuses;
  const running = statuses.contexts
    .filter((one) => one.counts && one.state === 'pending')
    .map((one) => one.context);
  const no = [
    list('failed', failed),
    list('stopped', held),
    list('running', running),
    list('never reported', missing),
  ];
  return gate('statuses', statuses.state === 'success', {
    yes: 'passed',
    no: no.filter((part) => part !== '').join('; '),
    who: failed.length + held.length > 0 ? 'author' : 'ci',
    since: latestOf(statuses),
  });
}

function list(word: string, contexts: readonly string[]): string {
  return contexts.length === 0 ? '' : `${word}: ${contexts.join(', ')}`;
}

function latestOf(statuses: Verdict): Date | null {
  const times = statuses.contexts.flatMap((one) =>
    one.counts && one.at !== null ? [one.at.getTime()] : [],
  );
  return times.length === 0 ? null : new Date(Math.max(...times));
}

function reviewGate({ review, skipchecks }: GateFacts): Gate {
  const yes = review.by === null ? 'skipped' : `approved by ${review.by}`;
  const ok = review.by !== null || skipchecks;
  return gate('review', ok, { yes, no: 'waits for approval', who: 'reviewer', since: review.at });
}

function linkedGate({ linked }: GateFacts): Gate {
  const waiting = linked
    .filter((one) => one.phrase !== null)
    .map((one) => `${one.name} ${one.phrase ?? ''}`);
  const yes = linked.length === 0 ? 'none' : `${linked.map((one) => one.name).join(', ')} ready`;
  return gate('linked', waiting.length === 0, {
    yes,
    no: waiting.join('; '),
    who: 'author or reviewer',
  });
}

function targetsGate({ linked, target }: GateFacts): Gate {
  const others = linked
    .filter((one) => one.target !== target.name)
    .map((one) => `${one.name} onto ${one.target}`);
  return gate('targets', others.length === 0, {
    yes: 'agree',
    no: others.join('; '),
    who: 'author',
  });
}

function switchGate(name: GateName, facts: SwitchFacts, what: string): Gate {
  const by = facts.by === null ? '' : ` by ${facts.by}`;
  const why = facts.reason === null ? '' : `: ${facts.reason}`;
  return gate(name, facts.on, {
    yes: 'on',
    no: `${what} is off${by}${why}`,
    who: 'administrator',
    since: facts.since,
  });
}

function freezeGate({ frozen }: GateFacts): Gate {
  const no = frozen?.reason ?? '';
  return gate('freeze', frozen === null, {
    yes: 'none',
    no,
    who: 'administrator',
    since: frozen?.since ?? null,
  });
}

function turnGate({ staging, merged }: GateFacts): Gate {
  if (staging === null || merged)
    return gate('turn', true, { yes: 'nothing else is staged', no: '', who: 'bot' });
  const waits =
    staging.waitingFor.length === 0 ? '' : `, waits for ${staging.waitingFor.join(', ')}`;
  const no = staging.own
    ? `being tested in staging ${staging.id}${waits}`
    : `staging ${staging.id} runs first${waits}`;
  return gate('turn', false, {
    yes: '',
    no,
    who: staging.own && waits !== '' ? 'ci' : 'bot',
    since: staging.since,
  });
}
