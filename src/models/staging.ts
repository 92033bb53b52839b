import { Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { Batch } from './batch.ts';
import { Branch } from './branch.ts';
import { Project } from './project.ts';
import { PullRequest } from './pull-request.ts';
import { Repository } from './repository.ts';

export type StagingState =
  'pending' | 'success' | 'failure' | 'cancelled' | 'ff_failed' | 'partial';

/** What a staging does about a landing that stopped half-way (R17): land the rest, or undo what landed. */
export type Repair = 'finish' | 'revert';

/** A trial merge of batches on `staging.<branch>` over all repositories. The schema allows a tree of them (R19). */
@Entity('staging')
@Index(['branchId'], { where: 'active' })
export class Staging {
  @PrimaryGeneratedColumn('identity') id: number;
  @ForeignKey(() => Project)
  @Column('integer')
  projectId: number;
  @Index()
  @ForeignKey(() => Branch)
  @Column('integer')
  branchId: number;
  @Column('text', { default: 'pending' }) state: StagingState;
  @Column('boolean', { default: true }) active: boolean;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('timestamptz') stagedAt: Date;
  /** When every repository had its `staging.` branch; null: a push is still owed. */
  @Column('timestamptz', { nullable: true }) pushedAt: Date | null;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
  @Column('timestamptz') timeoutAt: Date;
  /** The staging whose split this one tests. */
  @ForeignKey(() => Staging)
  @Column('integer', { nullable: true })
  parentId: number | null;
  @Column('boolean', { default: false }) likelyFalsePositive: boolean;
  /** Batches of the split it tests that are not in it. */
  @Column('jsonb', { default: [] }) losses: number[];
  /** The landing that stopped half-way and that this staging repairs. */
  @Index()
  @ForeignKey(() => Staging)
  @Column('integer', { nullable: true })
  repairsId: number | null;
  @Column('text', { nullable: true }) repair: Repair | null;
  /** Of a landing that stopped half-way: the repair to be staged next; null: one is running, or a person must say. */
  @Column('text', { nullable: true }) repairWanted: Repair | null;
}

/** Place of a batch in a staging. */
@Entity('staging_batch')
export class StagingBatch {
  @ForeignKey(() => Staging, { onDelete: 'CASCADE' })
  @PrimaryColumn('integer')
  stagingId: number;
  @Index()
  @ForeignKey(() => Batch)
  @PrimaryColumn('integer')
  batchId: number;
  @Column('integer') position: number;
}

/** A pull request as it was staged: what lands is this, whatever happens to the pull request meanwhile. */
@Entity('staging_pull')
export class StagingPull {
  @ForeignKey(() => Staging, { onDelete: 'CASCADE' })
  @PrimaryColumn('integer')
  stagingId: number;
  @Index()
  @ForeignKey(() => PullRequest)
  @PrimaryColumn('integer')
  pullRequestId: number;
  @Column('integer') batchId: number;
  @Column('integer') position: number;
  /** The approved head that was merged. */
  @Column('text') head: string;
  @Column('text') mergedSha: string;
  @Column('jsonb') commitsMap: Record<string, string>;
  /** Issues of the same repository to close after landing. */
  @Column('jsonb', { default: [] }) closes: number[];
}

/** What is tested in one repository, and where its target stood. */
@Entity('staging_head')
export class StagingHead {
  @ForeignKey(() => Staging, { onDelete: 'CASCADE' })
  @PrimaryColumn('integer')
  stagingId: number;
  @ForeignKey(() => Repository)
  @PrimaryColumn('integer')
  repositoryId: number;
  @Column('text') base: string;
  @Index()
  @Column('text')
  head: string;
  /** False: nothing of this staging goes to this repository; the branch is tested as it is. */
  @Column('boolean') changed: boolean;
}
