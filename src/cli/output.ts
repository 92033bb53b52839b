/** Where a command's answer goes. */
export interface Output {
  /** The answer for programs: what the API said. Printed only with `--json`. */
  json(value: unknown): void;
  /** One line for people. Not printed with `--json`. */
  line(text: string): void;
  /** Rows in columns, the first one the heading. Not printed with `--json`. */
  table(rows: readonly (readonly Cell[])[]): void;
}

type Cell = string | number | null;

/** @param write takes text with line ends; standard output when left out. */
export function createOutput(
  asJson: boolean,
  write: (text: string) => void = (text) => void process.stdout.write(text),
): Output {
  const line = (text: string): void => write(`${plain(text)}\n`);
  if (asJson)
    return {
      json: (value) => write(`${JSON.stringify(value, null, 2)}\n`),
      line: () => undefined,
      table: () => undefined,
    };
  return { json: () => undefined, line, table: (rows) => layOut(rows).forEach(line) };
}

/** Titles and names come from strangers: a terminal must not obey them (I-46). Bidirectional marks go too. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

function layOut(rows: readonly (readonly Cell[])[]): string[] {
  const texts = rows.map((row) => row.map((cell) => (cell === null ? '-' : String(cell))));
  const columns = Math.max(0, ...texts.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...texts.map((row) => row[column]?.length ?? 0)),
  );
  return texts.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
