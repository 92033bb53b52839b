/** Gives the branch on which the bot tests what is about to land on `branch`. */
export function stagingBranch(branch: string): string {
  return `staging.${branch}`;
}

/** Gives the branch on which a landing is rehearsed before `branch` moves (R17). */
export function rehearsalBranch(branch: string): string {
  return `tmp.${branch}`;
}

/** A scratch branch read back: which stage of which branch. */
export interface ScratchBranch {
  readonly stage: 'staging' | 'rehearsal';
  readonly branch: string;
}

/** Reads a scratch branch's name; null for any other branch. */
export function parseScratchBranch(name: string): ScratchBranch | null {
  if (name.startsWith('staging.') && name.length > 8)
    return { stage: 'staging', branch: name.slice(8) };
  if (name.startsWith('tmp.') && name.length > 4)
    return { stage: 'rehearsal', branch: name.slice(4) };
  return null;
}

/** The parts of a port branch's name. */
export interface PortBranch {
  readonly target: string;
  /** Branch of the source's head, without its owner, whatever the generation. */
  readonly sourceHeadBranch: string;
  /** The batch being ported: a second try makes the same name, so leftovers are noticed. */
  readonly batchId: number;
}

/** GitHub and file systems end at 255 bytes; the rest is for `refs/heads/` and lock suffixes. */
const LONGEST_NAME_BYTES = 240;

/**
 * Names a port branch: `<target>-<source head branch>-<batch id>-fw`. A head branch that would make
 * the name longer than git hosts accept is cut; the batch id keeps the name unique.
 */
export function portBranch({ target, sourceHeadBranch, batchId }: PortBranch): string {
  const head = `${target}-`;
  const tail = `-${batchId}-fw`;
  const room = LONGEST_NAME_BYTES - byteLength(head) - byteLength(tail);
  return head + cutToBytes(sourceHeadBranch, room) + tail;
}

/**
 * Reads a port branch's name back, given its target: names alone are ambiguous, since branch names
 * may hold dashes. Null when it is no port branch of that target. Inverse of {@link portBranch} for
 * names that were not cut.
 */
export function parsePortBranch(name: string, target: string): PortBranch | null {
  if (!name.startsWith(`${target}-`)) return null;
  const match = /^(.+)-([0-9]{1,15})-fw$/s.exec(name.slice(target.length + 1));
  if (match === null) return null;
  const [, sourceHeadBranch = '', id = ''] = match;
  return { target, sourceHeadBranch, batchId: Number(id) };
}

/** The parts of a head label. */
export interface HeadLabel {
  readonly owner: string;
  readonly branch: string;
}

/** Reads `owner:branch`; null when it is none. Branch names cannot hold a colon. */
export function splitLabel(label: string): HeadLabel | null {
  const colon = label.indexOf(':');
  if (colon < 1 || colon === label.length - 1) return null;
  return { owner: label.slice(0, colon), branch: label.slice(colon + 1) };
}

/**
 * Tells whether pull requests with this head label may form a batch. GitHub names the branches of
 * its web editor `patch-<n>`: equal names mean nothing there (spec 2.6.1).
 */
export function isLinkingLabel(label: string): boolean {
  return !/:patch-[0-9]+$/.test(label);
}

function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += bytesOf(character);
  return bytes;
}

function cutToBytes(text: string, limit: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += bytesOf(character);
    if (bytes > limit) return kept.replace(/[./]+$/, '');
    kept += character;
  }
  return kept;
}

/** Bytes of one code point in UTF-8. */
function bytesOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
