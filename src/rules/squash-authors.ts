/** A person as git writes him. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** Who made a commit. */
export interface CommitPeople {
  readonly author: Identity;
  readonly committer: Identity;
}

/** Who is written on a squashed commit. */
export interface SquashPeople extends CommitPeople {
  /** `Name <email>`, sorted; empty when one person wrote it all. */
  readonly coAuthors: readonly string[];
}

/**
 * Chooses the people of a squashed commit (spec 5.10): the one author, else the bot with every
 * author as co-author; the one committer, else the same as the author.
 */
export function squashPeople(commits: readonly CommitPeople[], bot: Identity): SquashPeople {
  const authors = distinct(commits.map((commit) => commit.author));
  const committers = distinct(commits.map((commit) => commit.committer));
  const author = (authors.length === 1 ? authors[0] : undefined) ?? bot;
  const committer = (committers.length === 1 ? committers[0] : undefined) ?? author;
  const coAuthors = authors.length > 1 ? authors.map(printIdentity).sort() : [];
  return { author, committer, coAuthors };
}

/** Prints `Name <email>`. */
function printIdentity({ name, email }: Identity): string {
  return `${name} <${email}>`;
}

/** Gives how a reviewer signs off; without a known address GitHub's no-reply address stands in. */
export function signature(person: {
  readonly login: string;
  readonly name: string | null;
  readonly email: string | null;
}): string {
  const email = person.email ?? `${person.login}@users.noreply.github.com`;
  return printIdentity({ name: person.name ?? person.login, email });
}

function distinct(people: readonly Identity[]): Identity[] {
  return [...new Map(people.map((one) => [printIdentity(one), one])).values()];
}
