import {
  parseCommitMessage,
  parsePullRequestText,
  printCommitMessage,
  withoutKey,
} from './commit-message.ts';
import type { CommitMessage, Trailer } from './commit-message.ts';
import { mentions, mentionsFully } from './references.ts';
import type { Reference } from './references.ts';

/** What the messages of landed commits are completed from. */
export interface LandingFacts {
  /** The pull request that lands. */
  readonly self: Reference;
  /** The other open pull requests of its batch. */
  readonly linked: readonly Reference[];
  /** `Name <email>` of the reviewers of source, root and the pull request itself, in that order. */
  readonly signers: readonly string[];
}

/** Gives the message of the merge commit: the pull request's text, completed (spec 5.11). */
export function mergeMessage(pullRequestText: string, facts: LandingFacts): string {
  return finish({ message: parsePullRequestText(pullRequestText), facts, integrates: true });
}

/** Gives the message of the one commit of a squash; `coAuthors` are `Name <email>`, sorted here. */
export function squashMessage(
  pullRequestText: string,
  facts: LandingFacts,
  coAuthors: readonly string[],
): string {
  const parsed = parsePullRequestText(pullRequestText);
  const known = new Set(parsed.trailers.map((trailer) => trailer.value));
  const added = [...new Set(coAuthors)]
    .filter((author) => !known.has(author))
    .sort()
    .map((value) => ({ key: 'Co-authored-by', value }));
  const message = { ...parsed, trailers: [...parsed.trailers, ...added] };
  return finish({ message, facts, integrates: true });
}

/**
 * Gives the message of a recreated commit. `integrates` is true for the last commit of a rebase
 * without merge commit, which stands for the pull request. The body is kept as it is.
 */
export function rebasedMessage(
  commitText: string,
  facts: LandingFacts,
  integrates: boolean,
): string {
  return finish({ message: parseCommitMessage(commitText), facts, integrates });
}

/** Gives the message of the empty commit that has CI test a branch anew; `unique` keeps it from being an older one. */
export function rebuildMessage(base: string, unique: string): string {
  return `Test ${base.slice(0, 12)} again\n\nNothing is changed, and this never lands.\n\nTested-commit: ${base}\nUniquifier: ${unique}`;
}

interface Draft {
  readonly message: CommitMessage;
  readonly facts: LandingFacts;
  readonly integrates: boolean;
}

/** Mention first, then the linked pull requests, then sign-offs, each the same for every method. */
function finish({ message, facts, integrates }: Draft): string {
  const text = printCommitMessage(message);
  const named = mentions(text, facts.self) ? message : addMention(message, facts.self, integrates);
  const related = facts.linked
    .filter((other) => !mentionsFully(text, other))
    .map((other) => ({ key: 'Related', value: printReference(other) }));
  const trailers = signOff([...named.trailers, ...related], facts.signers);
  return printCommitMessage({ ...named, trailers });
}

function addMention(message: CommitMessage, self: Reference, integrates: boolean): CommitMessage {
  const name = printReference(self);
  if (integrates) {
    return {
      ...message,
      body: [message.body, `closes ${name}`].filter((part) => part !== '').join('\n\n'),
    };
  }
  const others = withoutKey(message.trailers, 'Part-of');
  return { ...message, trailers: [...others, { key: 'Part-of', value: name }] };
}

/** Puts the reviewers' sign-offs last, each once; other people's sign-offs stay before them. */
function signOff(trailers: readonly Trailer[], signers: readonly string[]): Trailer[] {
  const ours = [...new Set(signers)].map((value) => ({ key: 'Signed-off-by', value }));
  const isOurs = ({ key, value }: Trailer): boolean =>
    key === 'Signed-off-by' && signers.includes(value);
  return [...trailers.filter((trailer) => !isOurs(trailer)), ...ours];
}

function printReference({ repository, number }: Reference): string {
  return `${repository}#${number}`;
}
