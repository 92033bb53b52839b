import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Person } from './person.ts';
import { PullRequest } from './pull-request.ts';

/** A reviewer let this person approve this one pull request. */
@Entity('delegation')
export class Delegation {
  @ForeignKey(() => PullRequest, { onDelete: 'CASCADE' })
  @PrimaryColumn('integer')
  pullRequestId: number;
  @ForeignKey(() => Person, { onDelete: 'CASCADE' })
  @PrimaryColumn('integer')
  personId: number;
  @Column('timestamptz') at: Date;
}
