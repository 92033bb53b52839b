export { openClones, type Clones, type ClonesOptions } from './clones.ts';
export type { Clone } from './clone.ts';
export type { Remote } from './remote.ts';
export type { FetchOutcome, FetchPlan } from './fetch.ts';
export type { PushOutcome, PushRefusal, PushUpdate } from './push.ts';
export type { Commit, CommitContent } from './objects.ts';
export { gitDate, signAt, type Signature } from './signature.ts';
export type { GitIdentity } from './environment.ts';
export type { MergePair, MergePlan } from './merge.ts';
export type { SeriesPlan } from './series.ts';
export type { ConflictCommit, ConflictPlan } from './conflict-commit.ts';
export type {
  Conflict,
  MergeOutcome,
  MergeTreeOutcome,
  PickOutcome,
  RebaseOutcome,
} from './outcomes.ts';
export { GitError } from './errors.ts';
export { isBranchName } from './branch-name.ts';
export { MINIMUM_GIT, type GitVersion } from './version.ts';
