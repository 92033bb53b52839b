import type { GitIdentity } from './environment.ts';
import { decodeText } from './text.ts';

/** Author or committer of a commit. */
export interface Signature {
  readonly name: string;
  /** May be empty: a conflict of several authors has none on purpose (spec/forwardport.md 8.1). */
  readonly email: string;
  /** As git stores it: seconds since 1970 and the zone, `1700000000 +0100`. */
  readonly date: string;
}

/** Signature of somebody at a moment, in UTC. */
export function signAt(who: GitIdentity, at: Date): Signature {
  return { name: who.name, email: who.email, date: gitDate(at) };
}

/** A moment as git stores it, in UTC. */
export function gitDate(at: Date): string {
  return `${Math.floor(at.getTime() / 1000)} +0000`;
}

/** Reads the value of an `author` or `committer` line, however odd it is. */
export function parseSignature(bytes: Uint8Array, encoding?: string): Signature {
  const line = decodeText(bytes, encoding);
  const open = line.indexOf('<');
  const close = line.lastIndexOf('>');
  if (open < 0 || close < open) return { name: line.trim(), email: '', date: '0 +0000' };
  return {
    name: line.slice(0, open).trim(),
    email: line.slice(open + 1, close).trim(),
    date: line.slice(close + 1).trim(),
  };
}

/**
 * Writes the line's value so that git takes it: no control characters or `<>` inside (B-084), a name where
 * there is none, a date clamped into what git can hold (B-085). All else stays as it was.
 */
export function formatSignature(signature: Signature): string {
  const name = clean(signature.name) || 'unknown';
  return `${name} <${clean(signature.email)}> ${validDate(signature.date)}`;
}

function clean(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are the point
  return text.replace(/[\0-\x1f\x7f<>]/g, '').trim();
}

const LAST_SECOND = 2 ** 62; // time_t with room to spare: git refuses to show what overflows it

function validDate(date: string): string {
  const found = /^(-?\d+) ([+-]\d{4})$/.exec(date);
  if (!found) return '0 +0000';
  const [, seconds = '0', zone = '+0000'] = found;
  const clamped = Math.min(Math.max(Number(seconds), 0), LAST_SECOND);
  return `${BigInt(clamped)} ${zone}`;
}
