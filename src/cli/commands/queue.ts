import type { Command } from 'commander';
import { asking, parseId, path } from '../context.ts';
import type { Asking } from '../context.ts';
import type { Parts } from '../parts.ts';

interface Count {
  readonly name: string;
  readonly waiting: number;
  readonly due: number;
  readonly dead: number;
}

interface Row {
  readonly id: number;
  readonly state: string;
  readonly attempts: number;
  readonly queued_at: string;
  readonly retry_at: string | null;
  readonly last_error: string | null;
  readonly about: string;
}

/** `queue list|retry|drop`. */
export function addQueue(program: Command, parts: Parts): void {
  const queue = program.command('queue').description('the work queues and what was given up');
  queue
    .command('list [name]')
    .description('how full all queues are, or the rows of one')
    .option('--dead', 'only what was given up')
    .action((name: string | undefined, { dead }: { dead?: boolean }, command: Command) =>
      asking(parts, command, (context) =>
        name === undefined ? listCounts(context) : listRows(context, { name, dead: dead === true }),
      ),
    );
  queue
    .command('retry <name> <id>')
    .description('try a row again, with all its tries before it')
    .action((name: string, id: string, _options: unknown, command: Command) =>
      asking(parts, command, async ({ client, out }) => {
        out.json(await client.ask('POST', path`/api/queues/${name}/${parseId(id)}/retry`));
        out.line(`${name} ${id} will be tried again`);
      }),
    );
  queue
    .command('drop <name> <id>')
    .description('give a row up for good')
    .option('--reason <text>', 'why; kept in the audit log', 'dropped on the command line')
    .action((name: string, id: string, { reason }: { reason: string }, command: Command) =>
      asking(parts, command, async ({ client, out }) => {
        const where = path`/api/queues/${name}/${parseId(id)}`;
        out.json(await client.ask('DELETE', where, { reason }));
        out.line(`${name} ${id} is dropped`);
      }),
    );
}

async function listCounts({ client, out }: Asking): Promise<void> {
  const answer = await client.ask<{ items: Count[] }>('GET', '/api/queues');
  out.json(answer);
  out.table([
    ['QUEUE', 'WAITING', 'DUE', 'DEAD'],
    ...answer.items.map(({ name, waiting, due, dead }) => [name, waiting, due, dead]),
  ]);
}

async function listRows(
  { client, out }: Asking,
  { name, dead }: { name: string; dead: boolean },
): Promise<void> {
  const where = path`/api/queues/${name}` + (dead ? '?state=dead' : '');
  const answer = await client.ask<{ items: Row[] }>('GET', where);
  out.json(answer);
  out.table([
    ['ID', 'STATE', 'TRIES', 'QUEUED', 'NEXT TRY', 'ABOUT', 'LAST ERROR'],
    ...answer.items.map((row) => [
      ...[row.id, row.state, row.attempts, row.queued_at, row.retry_at],
      ...[row.about, row.last_error ?? ''],
    ]),
  ]);
}
