/** One rewriting of head labels, sed-like, so that differently named forks match (spec 1.2). */
export interface Substitution {
  readonly pattern: string;
  /** `\1` … `\9` stand for groups. */
  readonly replacement: string;
  /** Any of `g` (all occurrences), `i`, `m`. */
  readonly flags: string;
}

/**
 * Replaces by a regular expression. The caller hands in a linear-time engine: patterns come from
 * configuration, labels from strangers.
 */
export type Replace = (text: string, rule: Substitution) => string;

/** A line of the settings, read or refused. */
export type SubstitutionLine =
  | { readonly kind: 'substitution'; readonly substitution: Substitution }
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * Reads one line: its first character separates pattern, replacement and flags; a backslash before
 * the separator makes it plain text. The last separator may be left out.
 */
export function parseSubstitution(line: string): SubstitutionLine {
  const separator = line.charAt(0);
  if (separator === '' || /[\w\s\\]/.test(separator))
    return invalid('the first character must be a separator');
  const parts = splitUnescaped(line.slice(1), separator);
  const [pattern = '', replacement, flags = ''] = parts;
  if (replacement === undefined || parts.length > 3)
    return invalid('expected pattern, replacement and flags');
  if (pattern === '') return invalid('the pattern is empty');
  if (!/^[gim]*$/.test(flags)) return invalid('flags are any of g, i and m');
  return { kind: 'substitution', substitution: { pattern, replacement, flags } };
}

/** Applies the substitutions to a head label, in order. */
export function substituteLabel(
  label: string,
  rules: readonly Substitution[],
  replace: Replace,
): string {
  return rules.reduce((text, rule) => replace(text, rule), label);
}

function invalid(reason: string): SubstitutionLine {
  return { kind: 'invalid', reason };
}

function splitUnescaped(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\' && text[at + 1] === separator) {
      part += separator;
      at += 1;
    } else if (character === separator) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part];
}
