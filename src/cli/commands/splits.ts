import { type Command, Option } from 'commander';
import { asking, path } from '../context.ts';
import type { Parts } from '../parts.ts';

interface SplitsOptions {
  readonly onFail?: 'nothing' | 'join' | 'delete';
  readonly order?: 'depth-first' | 'oldest-first';
  readonly reason: string;
}

interface Splits {
  readonly name: string;
  readonly on_fail: string;
  readonly depth_first: boolean;
}

/** `staging splits`: how the culprit of a red staging is looked for on a branch. */
export function addSplits(staging: Command, parts: Parts): void {
  staging
    .command('splits <project> <branch>')
    .description('how the culprit of a red staging is looked for on a branch')
    .addOption(
      new Option('--on-fail <what>', 'what becomes of the other splits once it is found').choices([
        ...['nothing', 'join', 'delete'],
      ]),
    )
    .addOption(
      new Option('--order <order>', 'which split is staged next').choices([
        ...['depth-first', 'oldest-first'],
      ]),
    )
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .action((project: string, branch: string, options: SplitsOptions, command: Command) =>
      asking(parts, command, async ({ client, out }) => {
        const where = path`/api/projects/${project}/branches/${branch}/splits`;
        const { onFail, order, reason } = options;
        const now = await client.ask<Splits>('PATCH', where, {
          ...(onFail && { on_fail: onFail }),
          ...(order && { depth_first: order === 'depth-first' }),
          reason,
        });
        out.json(now);
        const first = now.depth_first ? 'depth-first' : 'oldest-first';
        out.line(`splits of ${now.name} are staged ${first}; on_fail is ${now.on_fail}`);
      }),
    );
}
