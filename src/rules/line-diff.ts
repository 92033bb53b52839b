/** Largest table of line pairs compared; beyond it everything between is replaced. */
const LARGEST_TABLE = 250_000;

/**
 * Compares two texts line by line. Each line of the result begins with `-` (only before), `+` (only
 * after) or a space (both). The longest common part is kept, unless the differing middle is huge.
 */
export function diffLines(before: string, after: string): string[] {
  const old = before.split('\n');
  const now = after.split('\n');
  const head = commonStart(old, now);
  const tail = commonStart(old.slice(head).reverse(), now.slice(head).reverse());
  const middle = diffMiddle(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  const same = (line: string): string => ` ${line}`;
  return [...old.slice(0, head).map(same), ...middle, ...old.slice(old.length - tail).map(same)];
}

function commonStart(one: readonly string[], other: readonly string[]): number {
  let count = 0;
  while (count < one.length && count < other.length && one[count] === other[count]) count += 1;
  return count;
}

function diffMiddle(old: readonly string[], now: readonly string[]): string[] {
  if (old.length * now.length > LARGEST_TABLE) {
    return [...old.map((line) => `-${line}`), ...now.map((line) => `+${line}`)];
  }
  const common = commonLengths(old, now);
  const lines: string[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    const drops = common[i + 1]?.[j] ?? -1;
    const adds = common[i]?.[j + 1] ?? -1;
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push(` ${old[i] ?? ''}`);
      i += 1;
      j += 1;
    } else if (i < old.length && (drops >= adds || j === now.length)) {
      lines.push(`-${old[i] ?? ''}`);
      i += 1;
    } else {
      lines.push(`+${now[j] ?? ''}`);
      j += 1;
    }
  }
  return lines;
}

/** Entry `[i][j]`: length of the longest common part of the lines from i and from j on. */
function commonLengths(old: readonly string[], now: readonly string[]): number[][] {
  const table = Array.from({ length: old.length + 1 }, () =>
    new Array<number>(now.length + 1).fill(0),
  );
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = table[i] ?? [];
    const below = table[i + 1] ?? [];
    for (let j = now.length - 1; j >= 0; j -= 1) {
      row[j] =
        old[i] === now[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return table;
}
