import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A comment or review that was executed or refused: each acts once (R14). */
@Entity('command_log')
export class CommandLog {
  @PrimaryColumn('text') kind: 'comment' | 'review';
  @PrimaryColumn('bigint') githubId: string;
  @Column('timestamptz') at: Date;
  @Column('text') outcome: string;
}
