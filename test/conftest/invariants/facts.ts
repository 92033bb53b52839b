import type { DataSource } from 'typeorm';
import { Batch } from '../../../src/models/batch.ts';
import { Branch } from '../../../src/models/branch.ts';
import { CommandLog } from '../../../src/models/command-log.ts';
import { CommitStatus } from '../../../src/models/commit-status.ts';
import { LandingStep } from '../../../src/models/landing-step.ts';
import { Port } from '../../../src/models/port.ts';
import { Project } from '../../../src/models/project.ts';
import { PullRequest } from '../../../src/models/pull-request.ts';
import { Feedback } from '../../../src/models/queues.ts';
import { Repository } from '../../../src/models/repository.ts';
import { RequiredStatusRow } from '../../../src/models/required-status.ts';
import { Staging, StagingHead, StagingPull } from '../../../src/models/staging.ts';
import type { Seen } from './github.ts';
import type { Objects } from './objects.ts';

/** A cron's row, as far as it is judged. */
export interface CronRow {
  readonly name: string;
  readonly active: boolean;
  readonly changedAt: Date | null;
  readonly startedAt: Date | null;
  readonly succeededAt: Date | null;
  readonly held: boolean;
}

/** The bot's records. */
export interface Rows {
  readonly projects: readonly Project[];
  readonly repositories: readonly Repository[];
  readonly branches: readonly Branch[];
  readonly required: readonly RequiredStatusRow[];
  readonly batches: readonly Batch[];
  readonly pulls: readonly PullRequest[];
  readonly stagings: readonly Staging[];
  readonly heads: readonly StagingHead[];
  readonly staged: readonly StagingPull[];
  readonly steps: readonly LandingStep[];
  readonly statuses: readonly CommitStatus[];
  readonly ports: readonly Port[];
  readonly feedback: readonly Feedback[];
  readonly commands: readonly CommandLog[];
  readonly crons: readonly CronRow[];
  /** Ids of the webhooks that were stored. */
  readonly guids: ReadonlySet<string>;
}

/** Everything that is judged: what the bot wrote down, what GitHub saw, and the commits themselves. */
export interface Facts {
  readonly db: DataSource;
  readonly rows: Rows;
  readonly github: Seen;
  readonly objects: Objects;
  /** Login of the bot's account. */
  readonly bot: string;
}

/** Reads the records, all at one go. */
export async function readRows(db: DataSource): Promise<Rows> {
  const all = db.manager;
  const [projects, repositories, branches, required] = await Promise.all([
    all.find(Project),
    all.find(Repository),
    all.find(Branch),
    all.find(RequiredStatusRow),
  ]);
  const [batches, pulls, stagings, heads, staged, steps] = await Promise.all([
    all.find(Batch),
    all.find(PullRequest),
    all.find(Staging),
    all.find(StagingHead),
    all.find(StagingPull, { order: { position: 'asc' } }),
    all.find(LandingStep),
  ]);
  const [statuses, ports, feedback, commands, crons, deliveries] = await Promise.all([
    all.find(CommitStatus),
    all.find(Port),
    all.find(Feedback),
    all.find(CommandLog),
    db.query<CronRow[]>(
      `select name, active, changed_at as "changedAt", started_at as "startedAt",
              succeeded_at as "succeededAt", coalesce(lease_until > clock_timestamp(), false) as held from cron`,
    ),
    db.query<{ guid: string }[]>('select guid from delivery'),
  ]);
  const guids = new Set(deliveries.map((one) => one.guid));
  const people = { feedback, commands, crons, guids };
  const landings = { stagings, heads, staged, steps, statuses, ports };
  return { projects, repositories, branches, required, batches, pulls, ...landings, ...people };
}

/** `acme/app#3`, for complaints. */
export function nameOf({ rows }: Facts, pull: PullRequest): string {
  return `${repositoryName(rows, pull.repositoryId)}#${pull.number}`;
}

/** Full name of a repository by its id. */
export function repositoryName(rows: Rows, id: number): string {
  return rows.repositories.find((one) => one.id === id)?.name ?? `repository ${id}`;
}

/** Name of the branch a staging is for. */
export function targetOf(rows: Rows, staging: Staging): string {
  return rows.branches.find((one) => one.id === staging.branchId)?.name ?? '';
}

/** Where a branch stands at GitHub, by the log of its refs. */
export function tipOf({ github }: Facts, repository: string, branch: string): string | null {
  const ref = `refs/heads/${branch}`;
  return (
    github.moves.filter((move) => move.repository === repository && move.ref === ref).at(-1)?.to ??
    null
  );
}
