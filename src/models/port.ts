import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { Batch } from './batch.ts';
import { Branch } from './branch.ts';
import { PullRequest } from './pull-request.ts';
import { Repository } from './repository.ts';

/** What a conflicting pick left behind, for the message to people. */
export interface ConflictFacts {
  readonly commit: string;
  readonly commits: readonly { readonly sha: string; readonly subject: string }[];
  readonly files: readonly string[];
  readonly output: string;
  readonly empty: boolean;
}

/**
 * One source on one later branch: the intent to port it, the pull request it became, or the reason why there is none
 * (R28, reliability P3). Written before the first push.
 */
@Entity('port')
@Unique(['sourceId', 'targetId'])
export class Port {
  @PrimaryGeneratedColumn('identity') id: number;
  @ForeignKey(() => PullRequest)
  @Column('integer')
  sourceId: number;
  @ForeignKey(() => Branch)
  @Column('integer')
  targetId: number;
  /** The pull request of the chain it was made from. */
  @ForeignKey(() => PullRequest)
  @Column('integer')
  fromId: number;
  @ForeignKey(() => Batch)
  @Column('integer')
  fromBatchId: number;
  @ForeignKey(() => Repository)
  @Column('integer')
  repositoryId: number;
  @Column('text') state: 'planned' | 'pushed' | 'opened' | 'skipped';
  /** Why there is none (`skipped`). */
  @Column('text', { nullable: true }) reason: string | null;
  @Column('text') branch: string;
  /** Head last pushed by the bot: the lease, and the proof that an update is our own (I-36, I-38). */
  @Index()
  @Column('text', { nullable: true })
  head: string | null;
  /** Head that the bot's last update took the place of; news of it from before `pushedAt` is old (I-38). */
  @Column('text', { nullable: true }) replacedHead: string | null;
  @Column('timestamptz', { nullable: true }) pushedAt: Date | null;
  @Column('integer', { default: 0 }) commitCount: number;
  @Column('jsonb', { nullable: true }) conflict: ConflictFacts | null;
  @ForeignKey(() => PullRequest)
  @Column('integer', { nullable: true })
  pullRequestId: number | null;
}
