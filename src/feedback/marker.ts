import { createHash } from 'node:crypto';

const LONGEST_KEY = 200;

/**
 * The hidden last line of a comment, made of its key alone: how the bot finds its own words again after a lost answer
 * (reliability P2), and how people find them in an export. Nothing in a key can end the comment mark early.
 */
export function markerOf(key: string): string {
  const safe = key
    .replace(/[^\w/#.:@-]/gu, (sign) => encodeURIComponent(sign))
    .replaceAll('--', '-%2D');
  return `<!-- stagecoach:${safe.length > LONGEST_KEY ? shortened(safe) : safe} -->`;
}

/** Cut, but still unique. */
function shortened(key: string): string {
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 16);
  return `${key.slice(0, LONGEST_KEY)}-${digest}`;
}

/** GitHub's limit for a comment is 65,536 characters; long echoes are cut where they are written, this is the last net. */
const LONGEST_TEXT = 60_000;

/** A comment as it is posted. */
export function withMarker(text: string, key: string): string {
  const kept = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
  return `${kept}\n\n${markerOf(key)}`;
}
