import type { PullRequestSummary } from '../../../src/github/facts.ts';
import type { Sha } from '../../../src/lib/ids.ts';
import type { Branch } from '../../../src/models/branch.ts';
import type { PullRequest } from '../../../src/models/pull-request.ts';
import type { CronName } from '../../../src/triggers/names.ts';
import type { World } from '../../../src/world.ts';
import type { File, Scratch } from '../../unit/git/scratch.ts';
import type { Fault, MemoryGitHub } from './memory-github.ts';

/** A commit of a pull request. */
export interface Change {
  files: Readonly<Record<string, File | null>>;
  message?: string;
  author?: string;
}

/** A pull request as a test makes it: on a branch, by `ada`, under the label `ada:<name>`. */
export interface NewPull {
  repo?: string;
  onto: string;
  name: string;
  /** Owner of the head branch; left out: `ada`. */
  owner?: string;
  commits: readonly Change[];
}

/** One project on real git and a real database; GitHub is in memory, crons run when `settle` is called. */
export interface PortWorld extends AsyncDisposable {
  readonly db: World['db'];
  readonly github: MemoryGitHub;
  readonly scratch: (repo?: string) => Scratch;
  now(): Date;
  advance(ms: number): void;
  /** Every call of the bot to GitHub or git's remotes passes here. */
  onCall(fault: Fault): void;
  opens(pull: NewPull): Promise<PullRequest>;
  /** Opens one whose commits are there already. */
  opensAt(pull: Omit<NewPull, 'commits'> & { head: Sha }): Promise<PullRequest>;
  /** Opens and lands it, as the landing cron would: copies of its commits, one batch, one port job. */
  lands(...pulls: (NewPull | PullRequest)[]): Promise<PullRequest[]>;
  /** Lands one port by itself; an attached one starts nothing. */
  landsPort(port: PullRequest): Promise<void>;
  ci(pull: PullRequest, state: 'success' | 'failure'): Promise<void>;
  /** What GitHub says of a pull request now: a push, a close. */
  hears(pull: PullRequest, news: { head?: Sha; closed?: boolean; base?: string }): Promise<void>;
  /** The webhook of a pull request the bot has not recorded. */
  hearsOf(pull: PullRequestSummary): Promise<void>;
  settle(): Promise<void>;
  /** The ports of a source by target. */
  ports(source: PullRequest): Promise<Record<string, PullRequest>>;
  reread(pull: PullRequest): Promise<PullRequest>;
  said(pull: PullRequest): Promise<string[]>;
  /** Comments of both accounts. */
  saidByAll(pull: PullRequest): Promise<string[]>;
  labels(pull: PullRequest): Promise<string[]>;
  switch(cron: CronName, active: boolean): Promise<void>;
  /** Adds or changes a branch of the project, and makes it at the remotes. */
  addBranch(name: string, sequence: number, from: string): Promise<Branch>;
  head(branch: string, repo?: string): Sha;
  files(branch: string, repo?: string): Record<string, string>;
  log(branch: string, from: string, repo?: string): string[];
}
