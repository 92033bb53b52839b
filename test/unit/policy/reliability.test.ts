import { describe, expect, it } from '@jest/globals';
import { JUDGES } from '../../conftest/invariants/check.ts';
import { read } from './sources.ts';

const numbered = (letter: string, last: number, digits: number): string[] =>
  Array.from({ length: last }, (_, n) => `${letter}-${String(n + 1).padStart(digits, '0')}`);

describe('docs/reliability.md', () => {
  const rows = read('docs/reliability.md')
    .split('\n')
    .filter((line) => line.startsWith('| '));

  it('says of each invariant and of each fault where it is tried, or why not', () => {
    const heads = new Set(rows.flatMap((row) => row.split('|')[1]?.match(/[IF]-\d+/g) ?? []));
    const all = [...numbered('I', 50, 2), ...numbered('F', 126, 3)];
    expect(all.filter((one) => !heads.has(one))).toEqual([]);
  });

  it('names the judge where there is one, and only there', () => {
    const judged = rows
      .filter((row) => row.startsWith('| I-') && row.includes('the judge'))
      .map((row) => /I-\d\d/.exec(row)?.[0]);
    expect(judged).toEqual(Object.keys(JUDGES));
  });
});
