import type { Command } from 'commander';
import { asking } from '../context.ts';
import type { Parts } from '../parts.ts';
import { addReplay } from '../replay/command.ts';

interface Port {
  readonly repository: string;
  readonly number: number;
  readonly target: string;
  readonly state: string;
  readonly opened_at: string;
  readonly conflict: boolean;
  readonly source: { readonly repository: string; readonly number: number };
}

interface ListOptions {
  readonly project?: string;
  readonly repository?: string;
  readonly person?: string;
  readonly team?: string;
  readonly days?: string;
}

/** `forwardport list` and `forwardport replay`. */
export function addForwardport(program: Command, parts: Parts): void {
  const forwardport = program.command('forwardport').description('ports to later branches');
  forwardport
    .command('list')
    .description('ports that have not landed, oldest first')
    .option('--project <name>')
    .option('--repository <name>', 'OWNER/REPO')
    .option('--person <login>', 'author or reviewer of the source')
    .option('--team <name>', 'team of the author or reviewer of the source')
    .option('--days <n>', 'only those at least so many days old')
    .action((options: ListOptions, command: Command) => list(parts, command, options));
  addReplay(forwardport, parts);
}

function list(parts: Parts, command: Command, options: ListOptions): Promise<void> {
  const query = new URLSearchParams({ limit: '200' });
  for (const name of ['project', 'repository', 'person', 'team', 'days'] as const) {
    const value = options[name];
    if (value !== undefined) query.set(name, value);
  }
  return asking(parts, command, async ({ client, out }) => {
    const answer = await client.ask<{ items: Port[] }>(
      'GET',
      `/api/forwardports?${query.toString()}`,
    );
    out.json(answer);
    out.table([
      ['PORT', 'ONTO', 'STATE', 'OPENED', 'SOURCE'],
      ...answer.items.map((port) => [
        ...[`${port.repository}#${port.number}`, port.target],
        ...[port.conflict ? `${port.state}, conflict` : port.state, port.opened_at],
        `${port.source.repository}#${port.source.number}`,
      ]),
    ]);
  });
}
