import { GitHubError } from '../../../src/github/errors.ts';
import type { Comment, Outcome } from '../../../src/github/facts.ts';
import type { GitHub } from '../../../src/github/gateway.ts';

/** What goes wrong with the next write. */
export type Fault =
  | 'none'
  /** GitHub is down: nothing happened. */
  | 'down'
  /** It happened, but the answer was lost. */
  | 'lost'
  /** GitHub asks to wait. */
  | 'limit';

export const BOT_ID = 99;
const BOT = { id: BOT_ID, login: 'stagecoach', type: 'Bot' };

/** A GitHub of one pull request, for the outbox: it keeps what was done, and fails as it is told. */
export class SmallGitHub {
  readonly comments: Comment[] = [];
  readonly deployments: { id: number; ref: string }[] = [];
  readonly statuses: { deployment: number; url: string }[] = [];
  state: 'open' | 'closed' | 'merged' = 'open';
  faults: Fault[] = [];
  now = new Date('2026-03-01T10:00:00Z');

  /** What `send` needs of the gateway. */
  get gateway(): GitHub {
    const used: Partial<GitHub> = {
      comment: (_repo, _number, body) => this.#write(() => this.#comment(body)),
      commentsSince: (_repo, _number, since) =>
        Promise.resolve(this.comments.filter((one) => one.createdAt >= since)),
      closePullRequest: () => this.#write(() => this.#close()),
      pullRequest: () => Promise.resolve({ state: this.state } as never),
      createDeployment: (_repo, { ref }) => this.#write(() => this.#deploy(ref)),
      findDeployments: (_repo, { sha }) =>
        Promise.resolve(this.deployments.filter((one) => one.ref === sha)),
      createDeploymentStatus: (_repo, deployment, { url }) =>
        this.#write(() => void this.statuses.push({ deployment, url })),
    };
    return used as GitHub;
  }

  #comment(body: string): Comment {
    const id = this.comments.length + 1;
    const comment = { id, author: BOT, viaApp: null, body, createdAt: this.now };
    this.comments.push(comment);
    return comment;
  }

  #close(): Outcome {
    if (this.state === 'merged') return { kind: 'refused', detail: 'it is merged' };
    this.state = 'closed';
    return { kind: 'done' };
  }

  #deploy(ref: string): { id: number } {
    const deployment = { id: this.deployments.length + 1, ref };
    this.deployments.push(deployment);
    return deployment;
  }

  async #write<T>(act: () => T): Promise<T> {
    const fault = this.faults.shift() ?? 'none';
    if (fault === 'down') throw failure({ status: 502, effect: 'unknown' });
    if (fault === 'limit') throw failure({ status: 403, retryAfterMs: 60_000 });
    const result = act();
    if (fault === 'lost') throw failure({ status: null, effect: 'unknown' });
    return Promise.resolve(result);
  }
}

/** An error as the gateway throws it. */
export function failure(facts: {
  readonly status: number | null;
  readonly retryAfterMs?: number;
  readonly effect?: 'none' | 'unknown';
}): GitHubError {
  return new GitHubError({
    operation: 'test',
    requestId: null,
    retryAfterMs: null,
    retryable: true,
    effect: 'none',
    detail: 'as told',
    ...facts,
  });
}
