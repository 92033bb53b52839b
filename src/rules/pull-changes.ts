/** What GitHub says of a pull request and the bot keeps a record of. */
export interface PullMirror {
  readonly title: string;
  readonly body: string;
  readonly base: string;
  readonly head: string;
  readonly draft: boolean;
  readonly closed: boolean;
}

/** What newer facts can change in a record, in the order in which it is applied. */
export type PullChange = 'text' | 'base' | 'head' | 'drafted' | 'undrafted' | 'closed' | 'reopened';

/**
 * Tells what newer facts change (spec 2.6). The action of a webhook does not matter: what is different does, so that
 * events may come in any order, twice, or not at all. What has landed keeps the head and the base it landed with.
 */
export function changesBetween(
  known: PullMirror & { readonly landed: boolean },
  facts: PullMirror,
): PullChange[] {
  const changes: (PullChange | false)[] = [
    (facts.title !== known.title || facts.body !== known.body) && 'text',
    facts.base !== known.base && !known.landed && 'base',
    facts.head !== known.head && !known.landed && 'head',
    facts.draft && !known.draft && 'drafted',
    !facts.draft && known.draft && 'undrafted',
    facts.closed && !known.closed && 'closed',
    !facts.closed && known.closed && 'reopened',
  ];
  return changes.filter((change) => change !== false);
}

/**
 * Tells whether a change drops the approval (R8): it was of another head, for another base, of a pull request that is
 * open, and of the text where that becomes a commit message.
 */
export function dropsApproval(change: PullChange, usesText: boolean): boolean {
  if (change === 'text') return usesText;
  return change === 'head' || change === 'base' || change === 'closed';
}

/** Tells whether a change takes the batch out of its staging at once, whatever it may do afterwards (R9). */
export function leavesStaging(change: PullChange, usesText: boolean): boolean {
  return change === 'text' ? usesText : change !== 'undrafted';
}

/** How facts stand to what was recorded before them, by GitHub's times, which are whole seconds. */
export type Age = 'older' | 'newer' | 'same-second';

/**
 * Tells whether facts are news. Within one second nobody can tell: they are taken, and if they change something GitHub is
 * asked what holds (reliability P4).
 */
export function ageOf(factsAt: Date, knownAt: Date): Age {
  if (factsAt < knownAt) return 'older';
  return factsAt > knownAt ? 'newer' : 'same-second';
}
