import { RE2JS, RE2JSException } from 're2js';

/** Longer patterns are refused: nobody writes them, and each is compiled to a program in memory. */
const LONGEST = 1000;
/** Compiled patterns kept. A configuration has a few dozen. */
const KEPT = 500;

const FLAGS = { g: 0, i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE } as const;
const cache = new Map<string, RE2JS>();

/** Why a text is no pattern we accept, or nothing. */
export function findPatternFault(pattern: string): string | undefined {
  if (pattern.length > LONGEST) return `is longer than ${LONGEST} characters`;
  try {
    compile(pattern, 0);
    return undefined;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return `is no regular expression (${error.message})`;
  }
}

/**
 * Whether a regular expression of the configuration matches the whole text. Takes time linear in the text
 * whatever the pattern (RE2: no back references, no look-around).
 *
 * @throws on a pattern that {@link findPatternFault} refuses.
 */
export function matchesWhole(pattern: string, text: string): boolean {
  return compile(pattern, 0).matches(text);
}

/** What to replace by what. */
export interface Replacement {
  readonly pattern: string;
  /** `\1` … `\9` stand for groups; one that the pattern does not have stands for nothing. */
  readonly replacement: string;
  /** Any of `g` (all occurrences), `i`, `m`. */
  readonly flags: string;
}

/** Replaces the first match, or with flag `g` all of them. @throws as {@link matchesWhole} does. */
export function replacePattern(text: string, rule: Replacement): string {
  const flags = Array.from(rule.flags, (flag) => FLAGS[flag as keyof typeof FLAGS]);
  const compiled = compile(
    rule.pattern,
    flags.reduce<number>((sum, flag) => sum | flag, 0),
  );
  const groups = compiled.groupCount();
  const by = (...match: unknown[]): string =>
    rule.replacement.replace(/\\([1-9])/g, (_, digit: string) => {
      const group = Number(digit) <= groups ? match[Number(digit)] : undefined;
      return typeof group === 'string' ? group : '';
    });
  const matcher = compiled.matcher(text);
  return rule.flags.includes('g') ? matcher.replaceAll(by) : matcher.replaceFirst(by);
}

function compile(pattern: string, flags: number): RE2JS {
  const key = `${flags} ${pattern}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (cache.size >= KEPT) cache.clear();
  const compiled = RE2JS.compile(pattern, flags);
  cache.set(key, compiled);
  return compiled;
}
