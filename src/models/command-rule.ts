import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Role } from '../rules/command-table.ts';
import { Project } from './project.ts';

/**
 * What a project changes in the table of rights, for one command (R15). The defaults stay in the code, so that a new
 * version's defaults reach every command nobody changed (spec 11.2 row 32).
 */
@Entity('command_rule')
export class CommandRule {
  @ForeignKey(() => Project, { onDelete: 'CASCADE' })
  @PrimaryColumn('integer')
  projectId: number;
  /** Key of the table of commands. */
  @PrimaryColumn('text') command: string;
  /** `file`: of the configuration file, written by `apply`. `local`: by an admin, and applied after it. */
  @PrimaryColumn('text') origin: 'file' | 'local';
  @Column('jsonb', { default: [] }) add: Role[];
  @Column('jsonb', { default: [] }) remove: Role[];
}
