import type { RightsSettings } from '../rules/github-rights.ts';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Settings of a project as the configuration file gives them; durations in milliseconds. Never a secret. */
export interface ProjectSettings {
  readonly staging: {
    readonly batchLimit: number;
    readonly timeoutMs: number;
    /** For CI to begin (R11); left out: like `timeoutMs`. */
    readonly startTimeoutMs?: number;
    readonly priority: 'default' | 'largest' | 'ready';
    readonly latenessLimit: number;
    readonly uniquifier: boolean;
  };
  readonly forwardport: {
    readonly enabled: boolean;
    readonly retryAfterMs: number;
    readonly retries: number;
    readonly branchRemovalAfterMs: number;
  };
  readonly reminders: {
    readonly afterMs: number;
    readonly schedule: 'daily' | 'backoff';
    readonly at: string;
  };
  readonly reviewApproves: boolean;
  readonly rights: RightsSettings;
  /** `noreply`: who has no e-mail address on file signs off with the private one GitHub gives everybody. */
  readonly approverEmail: 'required' | 'noreply';
  /** Numeric ids of bots whose commands are carried out (R14). */
  readonly bots: readonly number[];
  /** Numeric ids of Apps that may give commands in the name of people. */
  readonly apps: readonly number[];
  /** Where people find the pages: links in comments. */
  readonly pagesUrl: string;
}

/** Repositories which are staged together, and the branches they share. */
@Entity('project')
export class Project {
  @PrimaryGeneratedColumn('identity') id: number;
  @Column('text', { unique: true }) name: string;
  /** The word that starts a command line. */
  @Column('text') bot: string;
  @Column('boolean', { default: true }) active: boolean;
  /** Switch for creating stagings; running ones complete. */
  @Column('boolean', { default: true }) stagingEnabled: boolean;
  /** True once a landing stopped half-way: nothing is staged until an admin repaired it (R17). */
  @Column('boolean', { default: false }) frozen: boolean;
  @Column('jsonb') settings: ProjectSettings;
  /** Numeric ids of the bot's own accounts, learnt from GitHub: it never obeys itself (reliability I-17). */
  @Column('jsonb', { default: [] }) ownIds: string[];
}
