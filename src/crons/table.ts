import { checkStagings } from '../staging/check.ts';
import { createStagings } from '../staging/create.ts';
import type { CronName } from '../triggers/names.ts';
import type { Run } from '../world.ts';
import { applyStatuses } from './apply-statuses.ts';
import { changeLabels } from './change-labels.ts';
import { cleanBranches } from './clean-branches.ts';
import { closeIssues } from './close-issues.ts';
import { fetchPullRequests } from './fetch-pull-requests.ts';
import { maintain } from './maintain.ts';
import { packClones } from './pack-clones.ts';
import { portForward } from './port-forward.ts';
import { receiveDeliveries } from './receive-deliveries.ts';
import { reconcile } from './reconcile.ts';
import { remind } from './remind.ts';
import type { Fallback } from './schedule.ts';
import { sendFeedback } from './send-feedback.ts';
import { updateFollowups } from './update-followups.ts';
import { validate } from './validate.ts';
import { warnLinked } from './warn-linked.ts';

/** A cron: what it does, and when it looks although nothing rang. */
export interface Cron {
  /** One clause, printed in docs/CRONS.md and on the page of the crons. */
  readonly does: string;
  /** The safety net under lost wakes; configuration may set another. UTC. */
  readonly every: Fallback;
  /**
   * The tables its own statements write, beside the engine's books (`cron`, `cron_trigger`); what triggers write with them is
   * not meant. The stories hold each run to it.
   */
  readonly writes: readonly string[];
  readonly run: (run: Run) => Promise<void>;
}

/** Names of tables, with space between them. */
const tables = ([names = '']: TemplateStringsArray): string[] => names.trim().split(/\s+/);
const hours = (count: number): Fallback => ({ everyMs: count * 3_600_000 });

/** Every cron there is; one without a line does not compile. */
export const CRONS: Readonly<Record<CronName, Cron>> = {
  deliveries: {
    does: 'handles what GitHub has told',
    every: hours(1),
    writes: tables`
      batch branch_removal command_log commit_status delegation delivery feedback fetch_job
      forwardport_job forwardport_update person port_reminder pull_request red_set repository
      split staging status_job validate_job
    `,
    run: receiveDeliveries,
  },
  statuses: {
    does: 'brings what CI said to pull requests and stagings',
    every: hours(6),
    writes: tables`
      batch commit_status feedback forwardport_job pull_request staging status_job
      validate_job
    `,
    run: applyStatuses,
  },
  fetch: {
    does: 'reads pull requests from GitHub that are unknown or doubted',
    every: hours(6),
    writes: tables`
      batch branch_removal commit_status delivery feedback fetch_job forwardport_job
      forwardport_update github_permission issue_job label_change landing_step person
      pull_request red_set split staging status_job validate_job
    `,
    run: fetchPullRequests,
  },
  merge: {
    does: 'checks stagings: lands what is green, splits what is red or late',
    every: hours(6),
    writes: tables`
      audit batch branch branch_removal feedback fetch_job forwardport_job issue_job
      label_change landing_step project pull_request red_set split staging validate_job
    `,
    run: checkStagings,
  },
  staging: {
    does: 'creates stagings on free branches',
    every: hours(6),
    writes: tables`
      audit batch branch branch_removal commit_status feedback fetch_job forwardport_update
      person pull_request split staging staging_batch staging_head staging_pull status_job
      validate_job
    `,
    run: createStagings,
  },
  validate: {
    does: 'tries waiting batches early, so that conflicts are known before their turn',
    every: hours(24),
    writes: tables`batch feedback pull_request validate_job`,
    run: validate,
  },
  forwardport: {
    does: 'takes merged changes to the next branch',
    every: hours(24),
    writes: tables`
      batch delivery feedback fetch_job forwardport_job label_change person port port_reminder
      pull_request validate_job
    `,
    run: portForward,
  },
  'forwardport-updates': {
    does: 'lets a change of a pull request travel down its chain of ports',
    every: hours(24),
    writes: tables`
      batch feedback forwardport_update label_change port pull_request staging validate_job
    `,
    run: updateFollowups,
  },
  feedback: {
    does: 'comments, reacts, closes and records deployments at GitHub',
    every: hours(6),
    writes: tables`feedback`,
    run: sendFeedback,
  },
  labels: {
    does: 'puts labels on and takes them off',
    every: hours(24),
    writes: tables`label_change`,
    run: changeLabels,
  },
  issues: {
    does: 'closes issues whose fix has landed',
    every: hours(24),
    writes: tables`issue_job`,
    run: closeIssues,
  },
  'linked-warnings': {
    does: 'tells ready pull requests which linked ones hold them up',
    every: hours(1),
    writes: tables`feedback pull_request`,
    run: warnLinked,
  },
  reminders: {
    does: 'reminds people of ports that wait for them',
    every: { rule: '0 9 * * *' },
    writes: tables`feedback pull_request`,
    run: remind,
  },
  'branch-removal': {
    does: 'deletes head branches some time after merge or close',
    every: hours(24),
    writes: tables`branch_removal`,
    run: cleanBranches,
  },
  reconcile: {
    does: 'asks GitHub for deliveries that were lost, and compares everything open with it',
    every: { rule: '17 * * * *' },
    writes: tables`commit_status fetch_job status_job`,
    run: reconcile,
  },
  maintenance: {
    does: 'ends timed switches, forgets what is long done, counts dead letters, packs clones',
    every: { rule: '15 4 * * 0' },
    writes: tables`delivery feedback`,
    run: (run) => maintain(run).then(() => packClones(run)),
  },
};
