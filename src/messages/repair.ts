import { code, enumerate, ping } from './text.ts';

/** A landing moved some repositories and could not move others (R17), and could not be finished by itself. Nobody addressed can act: an administrator must. */
export function landedInPart(facts: {
  readonly branch: string;
  readonly landed: readonly string[];
  readonly failed: readonly string[];
}): string {
  return `This landed on ${code(facts.branch)} in ${enumerate(facts.landed)}, but not in ${enumerate(facts.failed)}. Nothing else lands in this project until an administrator finishes the landing or reverts it.`;
}

/** What had landed of a pull request was undone, because the rest of its batch could not land (R17). */
export function undone(facts: {
  readonly ping: readonly string[];
  readonly bot: string;
  readonly branch: string;
  /** Its own commits are in the history of the branch: merging them again would change nothing. */
  readonly inHistory: boolean;
}): string {
  const what = `I have undone this on ${code(facts.branch)} by a new commit, because what belongs together with it could not land there.`;
  return facts.inHistory
    ? `${ping(facts.ping)}${what} Its commits remain in the history, where git takes them for merged: recreate them (${code('git rebase --force-rebase')}), push, and have it approved again. If GitHub closed this, open a new pull request.`
    : `${what} It is queued again, nobody has to do anything.`;
}
