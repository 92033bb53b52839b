import type { z } from 'zod';
import type { Finding } from './cross-checks.ts';

/** The house's words for what zod finds; rules with words of their own keep them. */
export function wordIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wordType(issue.input, issue.expected);
    case 'invalid_value':
      if (issue.input === undefined) return 'is missing';
      return `must be ${issue.values.map(String).join(' or ')}`;
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'invalid_union':
      return issue.input === undefined ? 'is missing' : undefined;
    default:
      return undefined;
  }
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};

function wordType(input: unknown, expected: string): string {
  if (input === undefined) return 'is missing';
  const name = NAMES[expected] ?? expected;
  const isBare = expected === 'string' && (typeof input === 'number' || typeof input === 'boolean');
  return isBare ? `must be ${name}: put it in quotes` : `must be ${name}`;
}

/** One finding for each key that nobody knows, and for the branches of a union the one that came closest. */
export function flattenIssue(issue: z.core.$ZodIssue): Finding[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not known here' }));
  }
  if (issue.code === 'invalid_key') return [{ path: issue.path, message: 'is not known here' }];
  if (issue.code !== 'invalid_union') return [{ path: issue.path, message: issue.message }];
  const closest = issue.errors.find((issues) =>
    issues.every(({ code }) => code !== 'invalid_type'),
  );
  if (closest === undefined) return [{ path: issue.path, message: issue.message }];
  return closest.flatMap((inner) =>
    flattenIssue({ ...inner, path: [...issue.path, ...inner.path] }),
  );
}
