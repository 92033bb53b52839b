import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { listFiles, nodesOf, parse, read } from './sources.ts';

const CODE = /\.(?:ts|mjs)$/;
const PRODUCT = listFiles(['src', 'sim'], CODE);
const ALL = listFiles(['src', 'sim', 'test', 'tools', 'bin'], CODE);

/** Files over 300 lines, each with the reason why it is one thought. */
const LONG_FILES: Readonly<Record<string, string>> = {
  'sim/state/types.ts':
    'the simulated world in one look: types without code, each refers to others',
};

describe('the source', () => {
  it('has no file over 300 lines without a reason', () => {
    const long = ALL.filter((path) => read(path).split('\n').length > 301);
    expect(long).toEqual(Object.keys(LONG_FILES).sort());
  });

  it('has no file whose name says nothing', () => {
    const vague = /(?:^|[/-])(?:utils?|helpers?|misc|common|stuff)\.(?:ts|mjs)$/;
    expect(ALL.filter((path) => vague.test(path))).toEqual([]);
  });

  it('has file names in kebab-case', () => {
    expect(ALL.filter((path) => !/^[a-z0-9./-]+$/.test(path))).toEqual([]);
  });

  it('declares nothing that is called by what it is not', () => {
    const vague = PRODUCT.flatMap((path) =>
      [...nodesOf(parse(path))]
        .filter((node) => ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node))
        .map((node) => node.name?.text ?? '')
        .filter((name) => /(?:Manager|Service|Processor|Helper|Utils?)$/.test(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(vague).toEqual([]);
  });

  it('leaves nothing for later', () => {
    const later = /\b(?:TODO|FIXME|XXX|HACK)\b/;
    const others = ALL.filter((path) => path !== 'test/unit/policy/source.test.ts');
    expect(others.filter((path) => later.test(read(path)))).toEqual([]);
  });

  it('names no folder of somebody’s machine', () => {
    const machine = /["'`\s(]\/(?:home|root|Users|work|opt)\/\w/;
    expect(ALL.filter((path) => machine.test(read(path)))).toEqual([]);
  });

  it('says of every exported function and class what a caller cannot see', () => {
    const silent = PRODUCT.flatMap((path) =>
      parse(path)
        .statements.filter((s) => ts.isFunctionDeclaration(s) || ts.isClassDeclaration(s))
        .filter((statement) => isExported(statement) && !hasDocstring(statement))
        .map((statement) => `${path}: ${statement.name?.text ?? 'default'}`),
    );
    expect(silent).toEqual([]);
  });
});

function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false;
  const modifiers = ts.getModifiers(statement) ?? [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function hasDocstring(statement: ts.Statement): boolean {
  return ts.getJSDocCommentsAndTags(statement).length > 0;
}
