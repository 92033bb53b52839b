/** A `.gitattributes` file: the folder it lies in, by its names from the top, and its bytes as Latin-1. */
export interface AttributesFile {
  readonly folder: readonly string[];
  readonly text: string;
}

const MAX_LINE = 2048; // git ignores longer lines (CVE-2022-23521)
const BUILT_IN = new Set([
  'merge=text',
  'merge=binary',
  'merge=union',
  'merge',
  '-merge',
  '!merge',
]);

/**
 * Makes one `info/attributes` out of all files of a tree, keeping nothing but what chooses among git's own
 * merge drivers (ruling R33). A custom driver becomes `text`: what git does on a machine without it.
 * Deeper files come later, since in one file later lines win as deeper files do in a tree.
 *
 * @returns the text as Latin-1, empty when no file says anything about merging.
 * @see gitattributes(5): patterns, macros, precedence.
 */
export function compileMergeAttributes(files: readonly AttributesFile[]): string {
  const sorted = files.toSorted((a, b) => a.folder.length - b.folder.length);
  const macros = new Set(['binary', ...sorted.flatMap(macroNames)]);
  return sorted.flatMap((file) => compileFile(file, macros)).join('');
}

function macroNames(file: AttributesFile): string[] {
  if (file.folder.length > 0) return []; // git takes macros from the top folder only
  return lines(file.text).flatMap((line) => MACRO.exec(line)?.[1] ?? []);
}

const MACRO = /^\[attr\]\s*(\S+)(.*)$/;

function compileFile(file: AttributesFile, macros: ReadonlySet<string>): string[] {
  return lines(file.text).flatMap((line) => {
    const macro = MACRO.exec(line);
    if (macro) return file.folder.length > 0 ? [] : compileMacro(macro, macros);
    return compileLine(line, { folder: file.folder, macros });
  });
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.length < MAX_LINE)
    .map((line) => line.replace(/^[ \t\r]+|[ \t\r]+$/g, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function compileMacro(found: RegExpExecArray, macros: ReadonlySet<string>): string[] {
  const [, name = '', rest = ''] = found;
  // A macro may say nothing about merging and still take that away from an older one of its name.
  return name === 'merge' ? [] : [`[attr]${name} ${keepTokens(rest, macros).join(' ')}\n`];
}

function compileLine(
  line: string,
  context: { folder: readonly string[]; macros: ReadonlySet<string> },
): string[] {
  const { pattern, rest } = splitPattern(line);
  const tokens = keepTokens(rest, context.macros);
  if (tokens.length === 0 || pattern === '' || pattern.startsWith('!') || pattern.endsWith('/')) {
    return []; // git gives no meaning to negative patterns and to folders here
  }
  return [`${quote(inFolder(pattern, context.folder))} ${tokens.join(' ')}\n`];
}

function splitPattern(line: string): { pattern: string; rest: string } {
  if (line.startsWith('"')) {
    const quoted = /^"((?:[^"\\]|\\.)*)"(.*)$/.exec(line);
    if (quoted) return { pattern: unquote(quoted[1] ?? ''), rest: quoted[2] ?? '' };
  }
  const plain = /^([^ \t\r]+)(.*)$/.exec(line);
  return { pattern: plain?.[1] ?? '', rest: plain?.[2] ?? '' };
}

function keepTokens(rest: string, macros: ReadonlySet<string>): string[] {
  return rest.split(/[ \t\r]+/).flatMap((token) => {
    if (BUILT_IN.has(token)) return [token];
    if (token.startsWith('merge=')) return ['merge=text'];
    return macros.has(token.replace(/^[-!]/, '')) ? [token] : [];
  });
}

function inFolder(pattern: string, folder: readonly string[]): string {
  if (folder.length === 0) return pattern;
  const below = folder.map((name) => name.replace(/[*?[\\]/g, '\\$&')).join('/');
  const anchored = pattern.includes('/');
  return `/${below}/${anchored ? pattern.replace(/^\//, '') : `**/${pattern}`}`;
}

const ESCAPED: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unquote(text: string): string {
  return text.replace(/\\([0-3][0-7]{2}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(parseInt(code, 8)) : (ESCAPED[code] ?? code),
  );
}

function quote(pattern: string): string {
  const escaped = pattern.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n');
  return `"${escaped}"`;
}
