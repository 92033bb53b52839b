import { Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { Project } from './project.ts';

/** A branch that a project manages. Ports go from low to high `sequence`; the highest is the development branch. */
@Entity('branch')
@Unique(['projectId', 'name'])
export class Branch {
  @PrimaryGeneratedColumn('identity') id: number;
  @ForeignKey(() => Project)
  @Column('integer')
  projectId: number;
  @Column('text') name: string;
  /** 0 is the oldest. */
  @Column('integer') sequence: number;
  /** False: no stagings, and ports jump over it. */
  @Column('boolean', { default: true }) active: boolean;
  @Column('boolean', { default: true }) stagingEnabled: boolean;
  /** What happens to the remaining splits once a culprit is found (spec 6.6). */
  @Column('text', { default: 'nothing' }) onFail: 'nothing' | 'join' | 'delete';
  /** True: the halves of the newest failed staging come first, so that a culprit is found before the rest is tried. */
  @Column('boolean', { default: false }) depthFirst: boolean;
  /** It was staged since it is active: `staging.` and `tmp.` branches of it may be at GitHub. */
  @Column('boolean', { default: false }) scratch: boolean;
}
