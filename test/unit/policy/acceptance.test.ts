import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { listFiles, nodesOf, parse, read } from './sources.ts';

const DECISION = read('docs/decisions/0011-defects-of-the-reference.md');
const [DEFECTS = '', CHECKS = ''] = DECISION.split(/^Of the acceptance checks/m);
const TITLES = new Set(listFiles(['test'], /\.test\.ts$/).flatMap(titlesOf));

const numbersUpTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);

/** Cells of the lines of a table that begin with a number. */
function tableOf(text: string): { number: number; last: string }[] {
  const lines = text.split('\n').map((line) => line.split(' | ').map((cell) => cell.trim()));
  return lines
    .filter(([first = '']) => /^\| \d+$/.test(first))
    .map((cells) => ({
      number: Number(cells[0]?.slice(2)),
      last: (cells.at(-1) ?? '').replace(/ ?\|$/, ''),
    }));
}

/** What each test of a file is called, without the blocks around it; of a table's test the pattern. */
function titlesOf(path: string): string[] {
  return [...nodesOf(parse(path))].flatMap((node) => {
    if (!ts.isCallExpression(node) || !/^(?:it|test)\b/.test(node.expression.getText())) return [];
    const [first] = node.arguments;
    return first && ts.isStringLiteralLike(first) ? [first.text] : [];
  });
}

/** Whether a cell names tests, and all of them are there. */
function isShown(cell: string): boolean {
  const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  return names.length > 0 && names.every((name) => TITLES.has(name));
}

describe('the acceptance checks', () => {
  const shown = [...TITLES].flatMap((title) => {
    const [, numbers = ''] = /^check (\d\d(?:(?:, | and )\d\d)*)\b/.exec(title) ?? [];
    return numbers
      .split(/, | and /)
      .filter(Boolean)
      .map(Number);
  });
  const later = tableOf(CHECKS);

  it('are each told by a story of their number, or are listed with the reason why not yet', () => {
    const told = [...new Set([...shown, ...later.map(({ number }) => number)])];
    expect(told.sort((one, other) => one - other)).toEqual(numbersUpTo(46));
  });

  it('are not listed as later once a story tells them', () => {
    expect(later.filter(({ number }) => shown.includes(number))).toEqual([]);
    expect(later.filter(({ last }) => !last.startsWith('not yet: '))).toEqual([]);
  });
});

describe('the defects of the reference', () => {
  const rows = tableOf(DEFECTS);

  it('are forty, each once', () => {
    expect(rows.map(({ number }) => number)).toEqual(numbersUpTo(40));
  });

  it('name tests that are there, or say why there is none', () => {
    const excused = /^(?:not yet|does not apply): \S/;
    expect(rows.filter(({ last }) => !excused.test(last) && !isShown(last))).toEqual([]);
  });
});

describe('the parts of the rules of forward ports', () => {
  const rows = tableOf(read('docs/decisions/0012-forward-ports-shown.md'));

  it('each name tests that are there', () => {
    expect(rows.map(({ number }) => number + 1)).toEqual(numbersUpTo(25).slice(2));
    expect(rows.filter(({ last }) => !isShown(last))).toEqual([]);
  });
});
