/** Each linear on hostile input: a run either matches and is consumed, or cannot start again inside itself. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/gh[a-z]_[A-Za-z0-9_.-]{20,}/g, '***'], // tokens of GitHub; since 2026 with a JWT inside, dots and all
  [/github_pat_[A-Za-z0-9_]{20,}/g, '***'],
  [/(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '***'], // a JWT
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,30}-----)?/g, '***'],
  [/(:\/\/)[^\s/@"\\]+@/g, '$1***@'], // user and password of an address
  [/\b(bearer|basic|token) +[\w+/=.~-]{8,}/gi, '$1 ***'], // values of the Authorization header
];

/** Shorter values would strike out innocent words all over the log. */
const SHORTEST_KNOWN = 8;

/** Strikes out the known values, and whatever looks like a token, from one line of text. */
export function redactText(line: string, known: readonly string[]): string {
  const values = known.filter((value) => value.length >= SHORTEST_KNOWN);
  const spellings = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]);
  const struck = spellings.reduce((text, value) => text.replaceAll(value, '***'), line);
  return PATTERNS.reduce((text, [pattern, by]) => text.replace(pattern, by), struck);
}
