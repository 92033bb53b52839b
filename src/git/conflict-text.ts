import type { Sha } from '../lib/ids.ts';

/** What the three parts of a conflict are called. */
export interface ConflictLabels {
  readonly ours: string;
  readonly base: string;
  readonly theirs: string;
}

/** The commits git merged, whose ids it wrote beside its markers. */
export interface MergedIds {
  readonly ours: Sha;
  readonly theirs: Sha;
}

const MARKER = /^(<{7}|>{7}) ([0-9a-f]{40,64})(:[^\r\n]*)?(\r?)$/gm;
const BASE_MARKER = /^\|{7} [^\r\n]*?(:[^\r\n]*)?(\r?)$/gm;

/**
 * Gives git's markers readable labels. Texts are Latin-1, so that no byte is lost.
 *
 * @returns null when git wrote no marker into the text.
 */
export function relabelMarkers(
  text: string,
  ids: MergedIds,
  labels: ConflictLabels,
): string | null {
  const names = new Map<string, string>([
    [ids.ours, labels.ours],
    [ids.theirs, labels.theirs],
  ]);
  const relabelled = text.replace(MARKER, (line, sign: string, id: string, ...more: string[]) => {
    const name = names.get(id);
    return name === undefined ? line : `${sign} ${latin1(name)}${more[0] ?? ''}${more[1] ?? ''}`;
  });
  if (relabelled === text) return null;
  const base = latin1(labels.base);
  return relabelled.replace(
    BASE_MARKER,
    (_, path = '', end = '') => `||||||| ${base}${path}${end}`,
  );
}

/**
 * A whole file as one conflict: what git leaves without markers when one side took the file away. Its base, where there was
 * one, shows what the other side changed (diff3).
 */
export function wholeFileConflict(
  sides: { readonly ours: string; readonly base: string; readonly theirs: string },
  labels: ConflictLabels,
): string {
  return [
    `<<<<<<< ${latin1(labels.ours)}\n`,
    ended(sides.ours),
    `||||||| ${latin1(labels.base)}\n`,
    ended(sides.base),
    '=======\n',
    ended(sides.theirs),
    `>>>>>>> ${latin1(labels.theirs)}\n`,
  ].join('');
}

/** Text for a person to be put among Latin-1 kept bytes. */
export function latin1(text: string): string {
  return Buffer.from(text.replace(/[\r\n]+/g, ' ')).toString('latin1');
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
