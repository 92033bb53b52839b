import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { CiState } from '../rules/status.ts';
import { Repository } from './repository.ts';

/** A word of CI that is about to be replaced. */
export interface EarlierStatus {
  readonly state: CiState;
  readonly url: string | null;
  readonly description: string | null;
  readonly at: string;
}

/** The newest verdict of one CI context on one commit of one repository (R10). */
@Entity('commit_status')
@Unique(['repositoryId', 'sha', 'context'])
export class CommitStatus {
  @PrimaryGeneratedColumn('identity') id: number;
  @ForeignKey(() => Repository)
  @Column('integer')
  repositoryId: number;
  @Index()
  @Column('text')
  sha: string;
  @Column('text') context: string;
  @Column('text') kind: 'status' | 'check_run';
  @Column('text') state: CiState;
  @Column('text', { nullable: true }) url: string | null;
  @Column('text', { nullable: true }) description: string | null;
  /** GitHub's time of the verdict: an older one never replaces a newer one. */
  @Column('timestamptz') at: Date;
  /** Heard, and not yet brought to pull requests and stagings by the `statuses` cron: until then `before` counts (R3). */
  @Column('boolean', { default: false }) waiting: boolean;
  /** What counted before; null: nothing. */
  @Column('jsonb', { nullable: true }) before: EarlierStatus | null;
}
