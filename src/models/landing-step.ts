import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Repository } from './repository.ts';
import { Staging } from './staging.ts';

/**
 * One target to move: the journal of a landing (R17, reliability P1). All rows of a staging are written before the
 * first push; `moved` only after the remote was read back.
 */
@Entity('landing_step')
export class LandingStep {
  @ForeignKey(() => Staging)
  @PrimaryColumn('integer')
  stagingId: number;
  @ForeignKey(() => Repository)
  @PrimaryColumn('integer')
  repositoryId: number;
  @Column('text') from: string;
  @Column('text') to: string;
  @Column('text', { default: 'planned' }) state: 'planned' | 'attempted' | 'moved' | 'diverged';
  @Column('integer', { default: 0 }) attempts: number;
  /** Wakes the merge cron again after a refusal that may heal. */
  @Column('timestamptz', { nullable: true }) retryAt: Date | null;
  @Column('timestamptz', { nullable: true }) movedAt: Date | null;
  @Column('text', { nullable: true }) detail: string | null;
}
