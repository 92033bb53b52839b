import { type Cron, CRONS } from '../src/crons/table.ts';
import { formatDuration } from '../src/lib/duration.ts';
import { CRON_NAMES, type CronName } from '../src/triggers/names.ts';
import { DEADLINES, QUEUES, TRIGGERS } from '../src/triggers/table.ts';

const HEAD = `# What wakes what

Printed by \`npm run docs\` from [src/triggers/table.ts](../src/triggers/table.ts) and
[src/crons/table.ts](../src/crons/table.ts); edit those.

A cron runs when a row is written that concerns it, when a time that a row holds is reached, and, as a safety net
under lost wakes, at its fallback. A wake may be spurious; it may never be missing. Each cron has its switch: what is
off does nothing and loses nothing.
`;

/** Prints docs/CRONS.md: the crons, what wakes each of them and why, and the graph. */
export function renderCrons(): string {
  const sections = [
    HEAD,
    `## The crons\n\n${table(['cron', 'does', 'fallback', 'writes'], CRON_NAMES.map(cronRow))}`,
    `## Writes that wake\n\n${table(['table', 'write', 'when', 'wakes', 'because'], writeRows())}`,
    `## Times that wake\n\nEach row has at most one such wake, however often its time moves.\n\n${table(['table', 'time', 'when', 'wakes', 'because'], timeRows())}`,
    `## The graph\n\nInto a cron, solid: a write that wakes it; dotted: a time that does. Out of a cron: the tables it writes, where such a write can wake another one.\n\n\`\`\`mermaid\n${graph()}\n\`\`\``,
  ];
  return `${sections.join('\n')}\n`;
}

function cronRow(name: CronName): string[] {
  const { does, writes } = CRONS[name];
  const tables = writes.map((one) => `\`${one}\``).join(', ');
  return [`\`${name}\``, does, fallbackOf(CRONS[name]), tables];
}

function fallbackOf({ every }: Cron): string {
  return 'rule' in every ? `\`${every.rule}\` UTC` : `every ${formatDuration(every.everyMs)}`;
}

const ROW = { insert: 'a new row', delete: 'a row less' };

function writeRows(): string[][] {
  return byCron(TRIGGERS).map(({ table: name, on, when, wakes, because }) => [
    `\`${name}\``,
    typeof on === 'string' ? ROW[on] : on.map((column) => `\`${column}\``).join(', '),
    when === undefined ? '' : `\`${when}\``,
    `\`${wakes}\``,
    because,
  ]);
}

function timeRows(): string[][] {
  return byCron(DEADLINES).map(({ table: name, at, when, wakes, because }) => [
    `\`${name}\``,
    `\`${at}\``,
    when === undefined ? '' : `\`${when}\``,
    `\`${wakes}\``,
    because,
  ]);
}

function byCron<T extends { readonly wakes: CronName }>(rows: readonly T[]): T[] {
  return CRON_NAMES.flatMap((name) => rows.filter((row) => row.wakes === name));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}

function graph(): string {
  const edges = [
    ...TRIGGERS.map(({ table: name, wakes }) => `  ${name} --> ${cronNode(wakes)}`),
    ...DEADLINES.map(({ table: name, at, wakes }) => `  ${name} -. ${at} .-> ${cronNode(wakes)}`),
    ...CRON_NAMES.flatMap((name) => followed(name).map((one) => `  ${cronNode(name)} --> ${one}`)),
  ];
  return ['flowchart LR', ...new Set(edges)].join('\n');
}

/** The tables it writes that somebody is woken by; its own queue, which it ends, left out. */
function followed(name: CronName): string[] {
  const ownQueue = QUEUES.find(({ cron }) => cron === name)?.table;
  return CRONS[name].writes.filter(
    (one) =>
      one !== ownQueue && [...TRIGGERS, ...DEADLINES].some(({ table: rung }) => rung === one),
  );
}

/** A table and its cron may have the same name: the cron's node is told apart. */
function cronNode(name: CronName): string {
  return `cron_${name.replaceAll('-', '_')}([${name}])`;
}
