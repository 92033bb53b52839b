import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { Person } from './person.ts';
import { Project } from './project.ts';
import { Repository } from './repository.ts';

/** One thing a person may do in a project: review, review own work, override a context, or administer. */
@Entity('access_right')
@Index(['personId', 'projectId'])
export class AccessRight {
  @PrimaryGeneratedColumn('identity') id: number;
  @ForeignKey(() => Person, { onDelete: 'CASCADE' })
  @Column('integer')
  personId: number;
  @ForeignKey(() => Project, { onDelete: 'CASCADE' })
  @Column('integer')
  projectId: number;
  @Column('text') kind: 'review' | 'self_review' | 'override' | 'admin';
  /** Null: every repository of the project. */
  @ForeignKey(() => Repository, { onDelete: 'CASCADE' })
  @Column('integer', { nullable: true })
  repositoryId: number | null;
  /** The CI context of an `override` right. */
  @Column('text', { nullable: true }) context: string | null;
}
