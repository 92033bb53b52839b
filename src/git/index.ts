export { openClones, type Clones } from './clones.ts';
export type { Clone } from './clone.ts';
export type { Commit } from './objects.ts';
export { gitDate, signAt, type Signature } from './signature.ts';
export type { MergeOutcome, MergeTreeOutcome, RebaseOutcome } from './outcomes.ts';
