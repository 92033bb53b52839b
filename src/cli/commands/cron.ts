import type { Command } from 'commander';
import type { Client } from '../client.ts';
import { asking, path } from '../context.ts';
import type { Parts } from '../parts.ts';

interface Cron {
  readonly name: string;
  readonly active: boolean;
  readonly running: boolean;
  readonly due: boolean;
  readonly reason: string | null;
  readonly changed_by: string | null;
  readonly until: string | null;
  readonly succeeded_at: string | null;
  readonly last_error: string | null;
}

/** `cron list|enable|disable|trigger`: the switches (R3). */
export function addCron(program: Command, parts: Parts): void {
  const cron = program.command('cron').description('the switches');
  cron
    .command('list')
    .description('all of them, with who turned one off and why')
    .action((_options: unknown, command: Command) => list(parts, command));
  addSwitch(cron, parts, { name: 'enable', active: true });
  addSwitch(cron, parts, { name: 'disable', active: false });
  cron
    .command('trigger <name>')
    .description('let it look now')
    .option('--reason <text>', 'why; kept in the audit log')
    .action((name: string, { reason }: { reason?: string }, command: Command) =>
      asking(parts, command, async ({ client, out }) => {
        const body = reason === undefined ? {} : { reason };
        const one = await client.ask<Cron>('POST', path`/api/crons/${name}/trigger`, body);
        out.json(one);
        out.line(one.active ? `${name} looks now` : `${name} is off: it looks once it is on again`);
      }),
    );
}

function addSwitch(
  cron: Command,
  parts: Parts,
  { name: verb, active }: { name: 'enable' | 'disable'; active: boolean },
): void {
  const command = cron
    .command(`${verb} <name>`)
    .description(
      active ? 'turn it on: what waited is done' : 'turn it off: its work waits, none is lost',
    )
    .option('--reason <text>', 'why; kept in the audit log; a usual one when left out');
  if (!active) command.option('--until <time>', 'on again at that time, as 2026-05-04T12:00:00Z');
  command.action((name: string, given: Given, self: Command) =>
    asking(parts, self, async ({ client, out }) => {
      const one = await turn(client, name, { active, ...given });
      out.json(one);
      out.line(`${name} is ${active ? 'on' : 'off'}`);
    }),
  );
}

interface Given {
  readonly reason?: string;
  readonly until?: string;
}

/** Without a reason a usual one goes along, which takes the place of no better one: what is off already keeps its own. */
async function turn(
  client: Client,
  name: string,
  { active, reason, until }: Given & { readonly active: boolean },
): Promise<Cron> {
  const address = path`/api/crons/${name}`;
  const before = reason === undefined ? await client.ask<Cron>('GET', address) : null;
  const isOff = before !== null && !active && !before.active;
  if (isOff && until === undefined && before.until === null) return before;
  const usual = `${active ? 'enabled' : 'disabled'} on the command line`;
  const why = reason ?? (isOff ? before.reason : null) ?? usual;
  const body = { active, reason: why, ...(until !== undefined && { until }) };
  return client.ask<Cron>('PATCH', address, body);
}

function list(parts: Parts, command: Command): Promise<void> {
  return asking(parts, command, async ({ client, out }) => {
    const answer = await client.ask<{ items: Cron[] }>('GET', '/api/crons');
    out.json(answer);
    out.table([
      ['NAME', 'SWITCH', 'NOW', 'LAST SUCCESS', 'REMARK'],
      ...answer.items.map((one) => [
        ...[one.name, one.active ? 'on' : 'OFF', doing(one), one.succeeded_at],
        remark(one),
      ]),
    ]);
  });
}

function doing({ running, due }: Cron): string {
  if (running) return 'running';
  return due ? 'due' : 'quiet';
}

function remark({ active, reason, changed_by, until, last_error }: Cron): string {
  if (active) return last_error === null ? '' : `failed: ${last_error}`;
  const end = until === null ? '' : `, until ${until}`;
  return `by ${changed_by ?? 'nobody known'}: ${reason ?? 'no reason given'}${end}`;
}
