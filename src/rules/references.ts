/** A pull request or issue. */
export interface Reference {
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
}

/**
 * Tells whether a text mentions a pull request of its own repository: `#n` after white space or at
 * the start of a line, or after exactly the repository's name. `#11` is no mention of 1, and neither
 * is another repository's `#1`.
 */
export function mentions(text: string, self: Reference): boolean {
  return findsNumber(text, self.number, (before) => {
    return before === '' || /\s$/.test(before) || endsWithName(before, self.repository);
  });
}

/** Tells whether a text names a pull request with its repository. */
export function mentionsFully(text: string, other: Reference): boolean {
  return findsNumber(text, other.number, (before) => endsWithName(before, other.repository));
}

/** Gives the numbers of all that a text {@link mentions} of its own repository, each once, in order. */
export function mentionedNumbers(text: string, repository: string): number[] {
  const found = [...text.matchAll(/#([1-9][0-9]{0,9})(?!\w)/g)].map(([, digits]) => Number(digits));
  return [...new Set(found)].filter((number) => mentions(text, { repository, number }));
}

/** GitHub's closing keywords ("Linking a pull request to an issue"). */
const CLOSING =
  /(?<![\w-])(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]+([\w.-]{1,100}\/[\w.-]{1,100})?#([0-9]{1,10})(?![\w])/gi;

/**
 * Gives the numbers of the repository's issues a text closes (spec 5.12), each once, in order. Issues
 * of other repositories are never closed (B-069).
 */
export function closedIssues(text: string, repository: string): number[] {
  const numbers = [...text.matchAll(CLOSING)]
    .filter(([, named]) => named === undefined || equalNames(named, repository))
    .map(([, , number]) => Number(number));
  return [...new Set(numbers)];
}

function findsNumber(text: string, number: number, accepts: (before: string) => boolean): boolean {
  const mark = `#${number}`;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
    const next = text.charAt(at + mark.length);
    // 150 characters hold the longest name; more would make long texts cost their square.
    if (!/\w/.test(next) && accepts(text.slice(Math.max(0, at - 150), at))) return true;
  }
  return false;
}

function endsWithName(before: string, repository: string): boolean {
  const start = before.length - repository.length;
  if (start < 0 || !equalNames(before.slice(start), repository)) return false;
  return start === 0 || !/[\w./-]/.test(before.charAt(start - 1));
}

/** GitHub's names differ by more than ASCII case or not at all. */
function equalNames(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
