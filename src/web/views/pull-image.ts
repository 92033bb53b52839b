import { html } from '../../lib/html.ts';
import type { Html } from '../../lib/html.ts';
import { isOpen } from '../../rules/pull-request.ts';
import type { PortCell, PortTable } from '../queries/port-table.ts';
import type { PullView } from '../queries/pull-view.ts';
import { shortName } from './pieces.ts';
import { pullLabel, SHAPES } from './tone.ts';
import type { Label, Tone } from './tone.ts';

const LINE = 22;
const WIDTH = 640;
const FIRST_COLUMN = 130;
const COLUMN = 170;
const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, sans-serif';

/** One set for both backgrounds: dark enough on white, light enough on GitHub's dark page. */
const COLOURS: Readonly<Record<Tone | 'text' | 'muted', string>> = {
  ...{ good: '#2a9d5c', bad: '#d9483b', running: '#3b82f6', warning: '#b98500' },
  ...{ quiet: '#7b8794', done: '#8b5cf6', text: '#5f6b7a', muted: '#8b96a5' },
};

interface Line {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly colour: string;
  readonly weight: 400 | 600;
}

/** A pull request as a picture, for comments: its state, what holds it, and the table of its ports. */
export function pullImage(pull: PullView, ports: PortTable): string {
  const head = headLines(pull);
  const table = tableLines(ports, LINE * (head.length + 1.5));
  const lines = [...head, ...table];
  const height = Math.max(...lines.map(({ y }) => y)) + LINE / 2;
  const width = Math.max(WIDTH, FIRST_COLUMN + COLUMN * ports.repositories.length);
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    role="img"
    font-family="${FONT}"
    font-size="13"
  >
    ${lines.map(textElement)}
  </svg>`.toString();
}

function textElement({ x, y, text, colour, weight }: Line): Html {
  return html`<text x="${x}" y="${y}" fill="${colour}" font-weight="${weight}">${text}</text>`;
}

function headLines(pull: PullView): Line[] {
  const label = pullLabel(pull);
  const closed = isOpen(pull.state) ? pull.gates.filter((gate) => !gate.ok) : [];
  return [
    { text: `${pull.repository}#${pull.number}  ${labelText(label)}`, tone: label.tone },
    ...closed.map(({ gate, detail }) => ({ text: `✕ ${gate}: ${detail}`, tone: 'text' as const })),
  ].map(({ text, tone }, index) => ({
    ...{ x: 8, y: LINE * (index + 1), text: shorten(text, 92) },
    ...{ colour: COLOURS[tone], weight: index === 0 ? 600 : 400 },
  }));
}

function tableLines({ branches, repositories, cells }: PortTable, top: number): Line[] {
  if (cells.length < 2) return [];
  const heading = repositories.map((name, column) => ({
    ...{ x: columnX(column), y: top, text: shorten(shortName(name), 22) },
    ...{ colour: COLOURS.muted, weight: 600 as const },
  }));
  const rows = branches.flatMap(({ name, active }, row) => {
    const y = top + LINE * (row + 1);
    const colour = active ? COLOURS.text : COLOURS.muted;
    const first: Line = { x: 8, y, text: shorten(name, 18), colour, weight: 600 };
    return [
      first,
      ...repositories.flatMap((repository, column) =>
        cells
          .filter((cell) => cell.target === name && cell.repository === repository)
          .slice(0, 1)
          .map((cell) => cellLine(cell, columnX(column), y)),
      ),
    ];
  });
  return [...heading, ...rows];
}

function columnX(column: number): number {
  return FIRST_COLUMN + COLUMN * column;
}

function cellLine({ pull, state, reason, conflict }: PortCell, x: number, y: number): Line {
  if (pull === null)
    return { x, y, text: shorten(reason ?? state ?? '', 24), colour: COLOURS.muted, weight: 400 };
  const label: Label = conflict ? { tone: 'bad', word: 'conflict' } : pullLabel(pull);
  const text = `#${pull.number} ${labelText(label)}`;
  return { x, y, text, colour: COLOURS[label.tone], weight: 400 };
}

function labelText({ tone, word }: Label): string {
  return `${SHAPES[tone]} ${word}`;
}

function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
