import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { listFiles, nodesOf, parse, read } from './sources.ts';

const TESTS = listFiles(['test'], /\.test\.ts$/);

describe('the tests', () => {
  it('have a name each', () => {
    const names = TESTS.flatMap((path) => testNames(parse(path)));
    const twice = names.filter((name, i) => names.indexOf(name) !== i);
    expect(twice).toEqual([]);
  });

  it('are all run, or say why not', () => {
    const calls = TESTS.flatMap((path) =>
      [...nodesOf(parse(path))]
        .filter(ts.isPropertyAccessExpression)
        .map((node) => node.getText())
        .filter((text) => /^(?:it|test|describe)\.(?:only|skip|todo|failing)$/.test(text))
        .map((text) => `${path}: ${text}`),
    );
    expect(calls).toEqual([]);
  });

  it('seed 15: replace no module by a double: GitHub is a service over HTTP, people act by their tokens', () => {
    const doubles = /\bjest\.(?:mock|unstable_mockModule|doMock|spyOn)\b/;
    expect(
      TESTS.filter((path) => path !== 'test/unit/policy/tests.test.ts' && doubles.test(read(path))),
    ).toEqual([]);
  });

  it('seed 16: have one harness, which alone starts the bot and its GitHub for merging and porting alike', () => {
    const starts = TESTS.filter((path) => path.startsWith('test/integration/')).filter((path) =>
      /from '[^']*\/(?:sim\/simulator|src\/bot)\.ts'/.test(read(path)),
    );
    expect(starts).toEqual([]);
  });

  it('tell each of the 20 statements this began with (forwardport spec 25)', () => {
    const names = TESTS.flatMap((path) => testNames(parse(path)));
    const told = new Set(
      names.flatMap((name) => [...name.matchAll(/\bseed (\d\d)\b/g)].map((one) => Number(one[1]))),
    );
    expect(Array.from({ length: 20 }, (_, n) => n + 1).filter((n) => !told.has(n))).toEqual([]);
  });

  it('stay chapters of under 300 lines', () => {
    expect(TESTS.filter((path) => read(path).split('\n').length > 301)).toEqual([]);
  });
});

/** Full names, as the runner prints them: the titles of the blocks around, then the test's own. */
function testNames(file: ts.SourceFile): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node, around: readonly string[]): void => {
    const block = titled(node);
    const inside = block ? [...around, block.title] : around;
    if (block?.kind === 'test') names.push(inside.join(' › '));
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(file, []);
  return names;
}

function titled(node: ts.Node): { kind: 'block' | 'test'; title: string } | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const [first] = node.arguments;
  const called = /^(describe|it|test)\b/.exec(node.expression.getText())?.[1];
  if (called === undefined || !first || !ts.isStringLiteralLike(first)) return undefined;
  return { kind: called === 'describe' ? 'block' : 'test', title: first.text };
}
