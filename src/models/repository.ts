import { Column, Entity, ForeignKey, PrimaryGeneratedColumn } from 'typeorm';
import { Project } from './project.ts';

/** A GitHub repository of a project. Order of pushes and of pages: `sequence`. */
@Entity('repository')
export class Repository {
  @PrimaryGeneratedColumn('identity') id: number;
  @ForeignKey(() => Project)
  @Column('integer')
  projectId: number;
  /** `owner/name`, unique over all projects: scratch branches of two projects must not meet. */
  @Column('text', { unique: true }) name: string;
  /** GitHub's numeric id, learnt from the first delivery or look-up; survives a rename. */
  @Column('bigint', { nullable: true, unique: true }) githubId: string | null;
  @Column('integer') sequence: number;
  @Column('boolean', { default: true }) active: boolean;
  /** Regular expression: which of the project's branches exist here. */
  @Column('text', { default: '.*' }) branchFilter: string;
  /** Where port branches are pushed; null: this repository. */
  @Column('text', { nullable: true }) forwardportRemote: string | null;
  /** Sed-like rewrites of incoming head labels, applied in order. */
  @Column('jsonb', { default: [] }) substitutions: string[];
}
