import type { Branch } from '../models/branch.ts';
import type { PullRequest } from '../models/pull-request.ts';
import type { ForwardportJob } from '../models/queues.ts';
import type { PortScene } from './plan.ts';
import type { Opened } from './publish.ts';

/** Ports that are pull requests now, and the batch they were made from. */
export interface Recording {
  readonly scene: PortScene;
  readonly target: Branch;
  readonly job: Pick<ForwardportJob, 'kind'>;
  readonly opened: readonly Opened[];
  /** Login of the account that opened them: never pinged. */
  readonly bot: string;
  readonly now: Date;
}

/** A port with its record. */
export interface Recorded extends Opened {
  readonly child: PullRequest;
}
