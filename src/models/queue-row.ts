import { Column, PrimaryGeneratedColumn } from 'typeorm';

/** What every work queue has (R6): a row is waiting, scheduled, or dead and visible; success deletes it. */
export abstract class QueueRow {
  @PrimaryGeneratedColumn('identity') id: number;
  /** Tries begun. Counted before the act, so that a crash is counted too. */
  @Column('integer', { default: 0 }) attempts: number;
  /** Not before this time; null: at once. */
  @Column('timestamptz', { nullable: true }) retryAt: Date | null;
  /** Given up: shown to operators, retried by hand. */
  @Column('timestamptz', { nullable: true }) deadAt: Date | null;
  @Column('text', { nullable: true }) lastError: string | null;
  @Column('timestamptz') queuedAt: Date;
}
