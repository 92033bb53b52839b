import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { PullRequestState } from '../rules/pull-request.ts';
import type { MergeMethod } from '../rules/merge-method.ts';
import type { StatusState } from '../rules/status.ts';
import { Batch } from './batch.ts';
import { Branch } from './branch.ts';
import { Person } from './person.ts';
import { Repository } from './repository.ts';

/** A context that a person declared passed, where and by whom. */
export interface Override {
  readonly by: number;
  readonly url: string;
}

/** A pull request as the bot knows it: a mirror of GitHub, the review, and its place in a chain of ports. */
@Entity('pull_request')
@Unique(['repositoryId', 'number'])
@Check('pull_request_port', `source_id is null or (parent_id is null) <> (detach_reason is null)`)
export class PullRequest {
  @PrimaryGeneratedColumn('identity') id: number;
  @ForeignKey(() => Repository)
  @Column('integer')
  repositoryId: number;
  @Column('integer') number: number;

  // what GitHub says
  @Column('text') title: string;
  @Column('text', { default: '' }) body: string;
  @Column('text') base: string;
  /** The managed branch that `base` names; null: outside what the bot manages. */
  @ForeignKey(() => Branch)
  @Column('integer', { nullable: true })
  targetId: number | null;
  @Index()
  @Column('text')
  head: string;
  /** GitHub's time when this head came; null: it never had another one that we know of. */
  @Column('timestamptz', { nullable: true }) headSince: Date | null;
  /** `owner:branch` after substitutions. */
  @Index()
  @Column('text')
  label: string;
  /** `owner:branch` as GitHub has it. */
  @Column('text') headLabel: string;
  @ForeignKey(() => Person)
  @Column('integer', { nullable: true })
  authorId: number | null;
  @Column('boolean', { default: false }) draft: boolean;
  @Column('boolean', { default: false }) closed: boolean;
  /** 0: not known yet. */
  @Column('integer', { default: 0 }) commitCount: number;
  @Column('timestamptz') openedAt: Date;
  /** GitHub's `updated_at` of the newest facts applied: older facts are stale (reliability P4). */
  @Column('timestamptz') githubUpdatedAt: Date;

  // what people and CI say
  @ForeignKey(() => Person)
  @Column('integer', { nullable: true })
  approvedById: number | null;
  /** The head that was approved; an approval of another head is none (R8). */
  @Column('text', { nullable: true }) approvedSha: string | null;
  @Column('timestamptz', { nullable: true }) approvedAt: Date | null;
  @Column('text', { nullable: true }) mergeMethod: MergeMethod | null;
  @Column('text', { nullable: true }) error: string | null;
  @Column('jsonb', { default: {} }) overrides: Record<string, Override>;
  /** Failures already told to people: context → URL of the last one (R16). */
  @Column('jsonb', { default: {} }) toldFailures: Record<string, string>;
  @Column('boolean', { default: false }) methodAsked: boolean;
  @Column('boolean', { default: false }) linkWarned: boolean;

  // what follows (written by the ledger alone)
  @Column('text', { default: 'pending' }) status: StatusState;
  @Column('text', { default: 'opened' }) state: PullRequestState;
  @Column('timestamptz') stateSince: Date;
  @Column('text', { nullable: true }) blocked: string | null;
  @Index()
  @ForeignKey(() => Batch)
  @Column('integer')
  batchId: number;

  // landing
  @Column('text', { nullable: true }) mergedSha: string | null;
  /** Commit of the pull request → commit as merged. */
  @Column('jsonb', { nullable: true }) commitsMap: Record<string, string> | null;

  // ports
  @Index()
  @ForeignKey(() => PullRequest)
  @Column('integer', { nullable: true })
  sourceId: number | null;
  @Index()
  @ForeignKey(() => PullRequest)
  @Column('integer', { nullable: true })
  parentId: number | null;
  @Column('text', { nullable: true }) detachReason: string | null;
  /** Last branch its chain may reach; null: to the end. */
  @ForeignKey(() => Branch)
  @Column('integer', { nullable: true })
  limitId: number | null;
  /** True while conflict markers or an empty pick wait for a person. */
  @Column('boolean', { default: false }) conflict: boolean;
  @Column('timestamptz', { nullable: true }) reminderAt: Date | null;
  @Column('timestamptz', { nullable: true }) remindedAt: Date | null;
}
