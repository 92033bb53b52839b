import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { Branch } from './branch.ts';
import { Project } from './project.ts';
import { Split } from './split.ts';

export type Priority = 'nice' | 'default' | 'priority' | 'alone';
export type ForwardportPolicy = 'default' | 'no' | 'skipci' | 'skipmerge';

/** Pull requests of several repositories with one head label and one target: merged together or not at all. */
@Entity('batch')
@Index(['targetId'], { where: 'blocked is null' })
export class Batch {
  @PrimaryGeneratedColumn('identity') id: number;
  @ForeignKey(() => Project)
  @Column('integer')
  projectId: number;
  /** Common target of the open pull requests; null while they disagree. */
  @ForeignKey(() => Branch)
  @Column('integer', { nullable: true })
  targetId: number | null;
  /** `owner:branch` after substitutions. */
  @Index()
  @Column('text')
  label: string;
  /** False once all its pull requests are closed. */
  @Column('boolean', { default: true }) active: boolean;
  @Column('timestamptz', { nullable: true }) mergedAt: Date | null;
  @Column('text', { default: 'default' }) priority: Priority;
  @Column('boolean', { default: false }) skipchecks: boolean;
  @Column('boolean', { default: false }) cancelStaging: boolean;
  /** Why it cannot be staged; null: it can. */
  @Column('text', { nullable: true, default: 'new' }) blocked: string | null;
  /** When it last became stageable: its place in the queue. */
  @Column('timestamptz', { nullable: true }) unblockedAt: Date | null;
  @ForeignKey(() => Split, { onDelete: 'SET NULL' })
  @Column('integer', { nullable: true })
  splitId: number | null;
  /** The batch it was ported from. Never cut: detachment is a matter of single pull requests. */
  @Index()
  @ForeignKey(() => Batch)
  @Column('integer', { nullable: true })
  parentId: number | null;
  @Column('text', { default: 'default' }) forwardportPolicy: ForwardportPolicy;
  @Column('timestamptz') createdAt: Date;
}
