import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Permission } from '../rules/github-rights.ts';
import { Person } from './person.ts';
import { Repository } from './repository.ts';

/** What somebody may do at GitHub, as read last (R32): good for a minute only. */
@Entity('github_permission')
export class GitHubPermission {
  @ForeignKey(() => Repository, { onDelete: 'CASCADE' })
  @PrimaryColumn('integer')
  repositoryId: number;
  @ForeignKey(() => Person, { onDelete: 'CASCADE' })
  @PrimaryColumn('integer')
  personId: number;
  @Column('text') permission: Permission;
  @Column('timestamptz') readAt: Date;
}
