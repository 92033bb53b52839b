import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { parse } from './sources.ts';

/** What a file imports when it is loaded: not types, and not what it asks for later by `import()`. */
function importsOf(path: string): string[] {
  return parse(path).statements.flatMap((one) => {
    const isImport =
      ts.isImportDeclaration(one) && one.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword;
    const isExport = ts.isExportDeclaration(one) && !one.isTypeOnly;
    const from = isImport || isExport ? one.moduleSpecifier : undefined;
    return from && ts.isStringLiteral(from) ? [from.text] : [];
  });
}

/** Everything that is loaded with a file: `files` of the project, and `packages`. */
function loadedWith(start: string): { files: Set<string>; packages: Set<string> } {
  const [files, packages] = [new Set([start]), new Set<string>()];
  for (const path of files) {
    for (const name of importsOf(path)) {
      if (name.startsWith('.')) files.add(join(dirname(path), name));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  }
  return { files, packages };
}

describe('the program github-simulator', () => {
  it('starts without any package: what needs one (GraphQL, Markdown, control calls) loads it when it is asked for', () => {
    const { files, packages } = loadedWith('sim/main.ts');

    expect([...packages]).toEqual([]);
    expect(files).toContain('sim/rest/pulls.ts');
    expect([...files].filter((path) => path.startsWith('sim/graphql/'))).toEqual([]);
  });
});
