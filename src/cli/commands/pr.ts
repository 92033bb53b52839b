import type { Command } from 'commander';
import { asking, parsePull, path } from '../context.ts';
import type { Output } from '../output.ts';
import type { Parts } from '../parts.ts';

interface Pull {
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly target: string;
  readonly head: string;
  readonly author: string | null;
  readonly approved_by: string | null;
  readonly blocked: string | null;
  readonly batch: number;
  readonly staging: number | null;
  readonly merged_sha: string | null;
  readonly gates: readonly {
    readonly gate: string;
    readonly ok: boolean;
    readonly detail: string;
    readonly who_can_act: string | null;
  }[];
  readonly statuses: readonly { readonly context: string; readonly state: string }[];
  readonly forwardports: readonly {
    readonly target: string;
    readonly number: number | null;
    readonly state: string;
    readonly reason: string | null;
  }[];
}

/** `pr show|why|split-off`. */
export function addPr(program: Command, parts: Parts): void {
  const pr = program.command('pr').description('what the bot knows of a pull request');
  pr.command('show <pull>')
    .description('everything: OWNER/REPO#N')
    .action((name: string, _options: unknown, command: Command) =>
      readPull(parts, command, { name, print: printPull }),
    );
  pr.command('why <pull>')
    .description('why it is not merging: each gate, and who can open it')
    .action((name: string, _options: unknown, command: Command) =>
      readPull(parts, command, { name, print: printWhy }),
    );
  pr.command('split-off <pull>')
    .description('take it out of its batch, to be judged and staged apart from the linked ones')
    .requiredOption('--label <owner:branch>', 'the label of its new batch; what has it joins it')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .action((name: string, options: SplitOffOptions, command: Command) =>
      splitOff(parts, command, { name, options }),
    );
}

interface SplitOffOptions {
  readonly label: string;
  readonly reason: string;
}

function splitOff(
  parts: Parts,
  command: Command,
  { name, options }: { name: string; options: SplitOffOptions },
): Promise<void> {
  const { repository, number } = parsePull(name);
  const pull = `${repository}#${number}`;
  return asking(parts, command, async ({ client, out }) => {
    const { batch } = await client.ask<Pull>('GET', `/api/pulls/${repository}/${number}`);
    const { label, reason } = options;
    const left = await client.ask('POST', path`/api/batches/${batch}/split-off`, {
      ...{ pull, label, reason },
    });
    out.json(left);
    out.line(`${pull} is split off batch ${batch}`);
  });
}

function readPull(
  parts: Parts,
  command: Command,
  { name, print }: { name: string; print: (out: Output, pull: Pull) => void },
): Promise<void> {
  const { repository, number } = parsePull(name);
  return asking(parts, command, async ({ client, out }) => {
    const pull = await client.ask<Pull>('GET', `/api/pulls/${repository}/${number}`);
    out.json(pull);
    print(out, pull);
  });
}

function printPull(out: Output, pull: Pull): void {
  out.line(`${pull.repository}#${pull.number}  ${pull.title}`);
  out.table([
    ['state', pull.state],
    ['target', pull.target],
    ['head', pull.head],
    ['author', pull.author],
    ['approved by', pull.approved_by],
    ['blocked', pull.blocked],
    ['batch', pull.batch],
    ['staging', pull.staging],
    ['merged as', pull.merged_sha],
  ]);
  section(
    out,
    'statuses',
    pull.statuses.map(({ context, state }) => [context, state]),
  );
  printGates(out, pull);
  const ports = pull.forwardports.map(({ target, number, state, reason }) => [
    ...[target, number === null ? null : `#${number}`],
    ...[state, reason ?? ''],
  ]);
  section(out, 'ports', ports);
}

function printWhy(out: Output, pull: Pull): void {
  const name = `${pull.repository}#${pull.number}`;
  if (pull.state === 'merged') {
    out.line(`${name} is merged`);
    return;
  }
  const closed = pull.gates.filter((gate) => !gate.ok);
  const sum =
    closed.length === 0
      ? 'nothing holds it'
      : closed.length === 1
        ? '1 gate holds it'
        : `${closed.length} gates hold it`;
  out.line(`${name} is ${pull.state}: ${sum}`);
  printGates(out, pull);
}

function printGates(out: Output, { gates }: Pull): void {
  const rows = gates.map(({ gate, ok, detail, who_can_act }) => [
    ...[ok ? 'open' : 'CLOSED', gate, detail],
    who_can_act === null ? '' : `(${who_can_act})`,
  ]);
  section(out, 'gates', rows);
}

function section(out: Output, title: string, rows: readonly (readonly (string | null)[])[]): void {
  if (rows.length === 0) return;
  out.line('');
  out.line(`${title}:`);
  out.table(rows.map((row) => [' ', ...row]));
}
