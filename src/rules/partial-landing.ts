/** A pull request of a landing that stopped half-way, and whether its target holds it now. */
export interface HalfPull {
  readonly batchId: number;
  readonly landed: boolean;
}

/** What became of a batch: all of it is in the targets, nothing of it, or some repositories have it and others not. */
export type BatchPlace = 'landed' | 'straddling' | 'outside';

/**
 * Sorts the batches of a landing that stopped half-way (R17, reliability I-11). What landed wholly is merged, what is
 * outside goes back to the queue; only a batch that straddles has to be finished or reverted. Batches keep their order.
 */
export function placeBatches(pulls: readonly HalfPull[]): ReadonlyMap<number, BatchPlace> {
  const places = new Map<number, BatchPlace>();
  for (const { batchId, landed } of pulls) {
    const mine = landed ? 'landed' : 'outside';
    const before = places.get(batchId) ?? mine;
    places.set(batchId, before === mine ? mine : 'straddling');
  }
  return places;
}

/** A pull request as a commit that undoes it names it. */
export interface UndoneFacts {
  /** `owner/repo#n`. */
  readonly name: string;
  readonly title: string;
  /** The commit that landed it. */
  readonly sha: string;
  /** The parts of its batch that could not land. */
  readonly missing: readonly string[];
}

/** Gives the message of the commit that undoes a pull request which landed without the rest of its batch. */
export function undoMessage({ name, title, sha, missing }: UndoneFacts): string {
  const paragraphs = [
    `Revert "${title.split('\n', 1)[0] ?? ''}"`,
    `It landed as ${sha}, but what belongs together with it could not:\n${missing.join(', ')}.`,
    `Part-of: ${name}`,
  ];
  return paragraphs.join('\n\n');
}
