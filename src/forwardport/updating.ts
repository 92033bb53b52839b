import type { Sha } from '../lib/ids.ts';
import type { Port } from '../models/port.ts';
import type { Project } from '../models/project.ts';
import type { PullRequest } from '../models/pull-request.ts';
import type { Repository } from '../models/repository.ts';
import type { Descendants } from './descendants.ts';
import type { Made } from './made.ts';

/** A port that follows: what is pushed, and the head it replaces. */
export interface Update {
  readonly child: PullRequest;
  readonly port: Port;
  readonly head: Sha;
  readonly made: Extract<Made, { kind: 'made' }>;
}

/** A port at its new head. */
export interface SeenUpdate extends Update {
  /** When, by GitHub's clock; null while its reads lag behind. */
  readonly at: Date | null;
}

/** A changed pull request with what hangs on it. */
export interface UpdateScene {
  readonly pull: PullRequest;
  readonly repository: Repository;
  readonly project: Project;
  readonly descendants: Descendants;
}
