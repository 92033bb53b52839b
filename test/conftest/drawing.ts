/** A history as it is drawn in a test: without the line ends around it and the indentation of the test. */
export function drawing(strings: TemplateStringsArray): string {
  const lines = (strings.raw[0] ?? '').split('\n').slice(1, -1);
  const indents = lines.map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent)).join('\n');
}
