import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { listFiles, nodesOf, parse, read } from './sources.ts';

const LAST = 110;
const EVERY = Array.from({ length: LAST }, (_, n) => `B-${String(n + 1).padStart(3, '0')}`);

/** Numbers that stand in a text a test may be named by: not in comments, nor in plain code. */
function numbersIn(path: string): string[] {
  return [...nodesOf(parse(path))]
    .filter((node) => ts.isStringLiteralLike(node) || ts.isTemplateHead(node))
    .flatMap((node) => node.text.match(/B-\d{3}/g) ?? []);
}

/** Rows of the table "not tested, and why" of docs/security.md. */
function excused(): string[] {
  const part = read('docs/security.md').split('## Not tested by number')[1] ?? '';
  return [...part.matchAll(/^\| (B-\d{3}) \| \S.{20,} \|$/gm)].map(([, number]) => number ?? '');
}

describe('the catalogue of bad input', () => {
  const tested = new Set(listFiles(['test'], /\.test\.ts$/).flatMap(numbersIn));

  it('has a test for each row that carries its number, or a reason why not', () => {
    expect(EVERY.filter((one) => !tested.has(one) && !excused().includes(one))).toEqual([]);
  });

  it('has no excuse for a row that is tested, and no number that is none', () => {
    expect(excused().filter((one) => tested.has(one))).toEqual([]);
    expect([...tested, ...excused()].filter((one) => !EVERY.includes(one))).toEqual([]);
  });
});
