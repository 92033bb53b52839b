import type { Command } from 'commander';
import { asking, path } from '../context.ts';
import type { Parts } from '../parts.ts';

interface Right {
  readonly command: string;
  readonly roles: readonly string[];
  readonly file: object | null;
  readonly local: object | null;
}

/** `rights list|set|reset`: who may give which command (R15). */
export function addRights(program: Command, parts: Parts): void {
  const rights = program.command('rights').description('who may give which command');
  rights
    .command('list <project>')
    .description('the table of a project, and what is changed in it')
    .action((project: string, _options: unknown, command: Command) =>
      list(parts, command, project),
    );
  rights
    .command('set <project> <command> [roles...]')
    .description('leave a command to these roles; without roles to nobody')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .action(
      (
        project: string,
        name: string,
        roles: string[],
        { reason }: { reason: string },
        self: Command,
      ) =>
        asking(parts, self, async ({ client, out }) => {
          const address = path`/api/projects/${project}/rights/${name}`;
          const right = await client.ask<Right>('PATCH', address, { roles, reason });
          out.json(right);
          out.line(`${name} is for ${roleList(right)}`);
        }),
    );
  rights
    .command('reset <project> <command>')
    .description('take back what admins changed: the file and the defaults hold again')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .action((project: string, name: string, { reason }: { reason: string }, self: Command) =>
      asking(parts, self, async ({ client, out }) => {
        const address = path`/api/projects/${project}/rights/${name}`;
        const right = await client.ask<Right>('DELETE', address, { reason });
        out.json(right);
        out.line(`${name} is for ${roleList(right)}`);
      }),
    );
}

function list(parts: Parts, command: Command, project: string): Promise<void> {
  return asking(parts, command, async ({ client, out }) => {
    const address = path`/api/projects/${project}/rights`;
    const answer = await client.ask<{ items: Right[] }>('GET', address);
    out.json(answer);
    out.table([
      ['COMMAND', 'FOR', 'CHANGED'],
      ...answer.items.map((one) => [one.command, roleList(one), changedBy(one)]),
    ]);
  });
}

function roleList({ roles }: Right): string {
  return roles.length === 0 ? 'nobody' : roles.join(', ');
}

function changedBy({ file, local }: Right): string {
  return [file && 'by the file', local && 'by an admin'].filter(Boolean).join(', ');
}
