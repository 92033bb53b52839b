import { Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { Repository } from './repository.ts';

/** A CI context and what it means for pull requests and stagings of a repository (spec 1.3). */
@Entity('required_status')
@Unique(['repositoryId', 'context', 'branchFilter'])
export class RequiredStatusRow {
  @PrimaryGeneratedColumn('identity') id: number;
  @ForeignKey(() => Repository, { onDelete: 'CASCADE' })
  @Column('integer')
  repositoryId: number;
  @Column('text') context: string;
  @Column('text', { default: 'required' }) prs: 'required' | 'optional' | 'ignored';
  @Column('boolean', { default: true }) stagings: boolean;
  /** Regular expression on the target branch. */
  @Column('text', { default: '.*' }) branchFilter: string;
}
