import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Switch, lease and record of a cron. The epoch rises with every lease: a process that lost it can write nothing more (R5). */
@Entity('cron')
export class CronRow {
  @PrimaryColumn('text') name: string;
  @Column('boolean', { default: true }) active: boolean;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('text', { nullable: true }) changedBy: string | null;
  @Column('timestamptz', { nullable: true }) changedAt: Date | null;
  /** Switched off until then; null: until somebody switches it on. */
  @Column('timestamptz', { nullable: true }) until: Date | null;
  @Column('bigint', { default: '0' }) epoch: string;
  @Column('text', { nullable: true }) owner: string | null;
  /** By the clock of the database, which all processes share. */
  @Column('timestamptz', { nullable: true }) leaseUntil: Date | null;
  @Column('timestamptz', { nullable: true }) startedAt: Date | null;
  @Column('timestamptz', { nullable: true }) succeededAt: Date | null;
  @Column('timestamptz', { nullable: true }) failedAt: Date | null;
  /** Failed runs in a row: the back-off of the next one. */
  @Column('integer', { default: 0 }) failures: number;
  @Column('text', { nullable: true }) lastError: string | null;
}

/**
 * A wake: cron X shall run at a time. Keyed by transaction, so that an open transaction can neither hide a wake of another
 * nor make its writer wait. A deadline has a subject and exactly one row (R2).
 */
@Entity('cron_trigger')
export class CronTrigger {
  @PrimaryColumn('text') cron: string;
  @PrimaryColumn('text', { default: '' }) subject: string;
  @PrimaryColumn('timestamptz', { default: '-infinity' }) runAt: Date;
  @PrimaryColumn('bigint', { default: () => '((pg_current_xact_id())::text)::bigint' })
  xact: string;
}
