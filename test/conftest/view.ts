import type { NewCommit } from './git.ts';
import type { Json, Person } from './people.ts';

/** The people of every story: rita reviews, alice and bob write, eve may nothing, ci reports. */
export const LOGINS = ['root', 'rita', 'alice', 'bob', 'eve', 'ci', 'stagecoach'] as const;
export type Login = (typeof LOGINS)[number];

/** What the parts of a story need of the whole. */
export interface StoryView {
  readonly sim: string;
  readonly folder: string;
  as(login: Login): Person;
  control(method: string, path: string, body?: unknown): Promise<Json>;
  api(method: string, path: string, body?: unknown): Promise<Json>;
}

/** What a pull request needs of its repository. */
export interface RepositoryView {
  /** `owner/name`. */
  readonly fullName: string;
  /** In GitHub's REST API. */
  readonly path: string;
  pushCommits(plan: {
    by: string;
    branch: string;
    from: string | null;
    commits: readonly NewCommit[];
    owner?: string;
  }): Promise<string>;
  files(branch: string, owner?: string): Promise<Record<string, string>>;
}
