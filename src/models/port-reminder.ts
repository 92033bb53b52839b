import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { Branch } from './branch.ts';
import { Person } from './person.ts';
import { PullRequest } from './pull-request.ts';

/** Somebody asked to be mentioned with these words once the port to a branch exists (`remindme`). Kept on the source. */
@Entity('port_reminder')
export class PortReminder {
  @PrimaryGeneratedColumn('identity') id: number;
  @Index()
  @ForeignKey(() => PullRequest, { onDelete: 'CASCADE' })
  @Column('integer')
  sourceId: number;
  @ForeignKey(() => Branch)
  @Column('integer')
  branchId: number;
  @ForeignKey(() => Person)
  @Column('integer')
  personId: number;
  @Column('text') message: string;
}
