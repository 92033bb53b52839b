import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Person } from './person.ts';
import { Repository } from './repository.ts';

/** A comment or review that spoke to the bot: each acts once (R14), and who speaks too much is heard no more for a while. */
@Entity('command_log')
@Index(['personId', 'at'])
@Index(['repositoryId', 'number'])
export class CommandLog {
  @PrimaryColumn('text') kind: 'comment' | 'review';
  @PrimaryColumn('bigint') githubId: string;
  @Column('timestamptz') at: Date;
  /** `asked`: it waits until GitHub was read. */
  @Column('text') outcome: string;
  @ForeignKey(() => Person)
  @Column('integer', { nullable: true })
  personId: number | null;
  @ForeignKey(() => Repository)
  @Column('integer', { nullable: true })
  repositoryId: number | null;
  @Column('integer', { nullable: true }) number: number | null;
  /** A comment was written in answer. */
  @Column('boolean', { default: false }) answered: boolean;
  /** SHA-256 of the text: what was acted on, should it be edited or deleted later (reliability B-034). */
  @Column('text', { nullable: true }) textHash: string | null;
}
