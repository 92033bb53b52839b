import type {
  CreatedPullRequest,
  PullRequest,
  PullRequestSummary,
} from '../../../src/github/facts.ts';
import type { GitHub, NewPullRequest, PullRequestFilter } from '../../../src/github/gateway.ts';
import type { BranchName, Sha } from '../../../src/lib/ids.ts';

/** Called before and after an operation; what it throws is what the bot gets. */
export type Fault = (operation: string, when: 'before' | 'after') => void;

/** What the fake has to know of the outside. */
export interface Outside {
  now(): Date;
  /** Where a branch of a remote stands. */
  head(remote: string, branch: string): Sha;
  fault: Fault;
}

/** Pull requests of one account in memory: as much of GitHub as porting asks for. Anything else is an error. */
export class MemoryGitHub {
  readonly #pulls: PullRequestSummary[] = [];
  readonly #outside: Outside;

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  /** All pull requests of a repository, oldest first. */
  of(repo: string): PullRequestSummary[] {
    return this.#pulls.filter((pull) => pull.base.sha === (repo as Sha));
  }

  /** The gateway; calls it does not know fail the test. */
  get gateway(): GitHub {
    const known: Partial<GitHub> = {
      createPullRequest: (wanted) => this.#ask('createPullRequest', () => this.#create(wanted)),
      findPullRequests: (repo, filter) =>
        this.#ask('findPullRequests', () => this.#find(repo, filter)),
      pullRequest: (repo, number) => this.#ask('pullRequest', () => this.#read(repo, number)),
    };
    return new Proxy(known as GitHub, {
      get(target, name) {
        const call: unknown = Reflect.get(target, name);
        if (call === undefined) throw new Error(`the port world has no ${String(name)}`);
        return call;
      },
    });
  }

  async #ask<T>(operation: string, act: () => T): Promise<T> {
    await Promise.resolve(); // like a network: never at once
    this.#outside.fault(operation, 'before');
    const answer = act();
    this.#outside.fault(operation, 'after');
    return answer;
  }

  #create(wanted: NewPullRequest): CreatedPullRequest {
    const [owner = '', branch = ''] = wanted.head.split(':');
    const remote = wanted.headRepository ?? wanted.repo;
    const now = this.#outside.now();
    const known = this.#find(wanted.repo, { head: wanted.head, base: wanted.base, state: 'open' });
    if (known[0]) return { kind: 'refused', detail: 'A pull request already exists' };
    const pull: PullRequestSummary = {
      id: 1000 + this.#pulls.length,
      number: 100 + this.of(wanted.repo).length,
      title: wanted.title,
      body: wanted.body,
      state: 'open',
      draft: false,
      head: {
        sha: this.#outside.head(remote, branch),
        branch: branch as BranchName,
        label: `${owner}:${branch}`,
        repository: null,
      },
      base: { branch: wanted.base as BranchName, sha: wanted.repo as Sha },
      author: { id: 1, login: 'stagecoach', type: 'User' },
      createdAt: now,
      updatedAt: now,
      labels: [],
      commitCount: 1,
    };
    this.#pulls.push(pull);
    return { kind: 'created', ...pull };
  }

  #find(repo: string, filter: PullRequestFilter): PullRequestSummary[] {
    return this.of(repo)
      .filter((pull) => filter.head === undefined || pull.head.label === filter.head)
      .filter((pull) => filter.base === undefined || pull.base.branch === filter.base)
      .filter(
        (pull) => filter.state === 'all' || (pull.state === 'open') === (filter.state === 'open'),
      )
      .reverse();
  }

  #read(repo: string, number: number): PullRequest | { kind: 'missing' } {
    const found = this.of(repo).find((pull) => pull.number === number);
    return found
      ? { ...found, kind: 'pull_request', commitCount: 1, closes: [] }
      : { kind: 'missing' };
  }
}
