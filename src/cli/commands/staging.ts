import type { Command } from 'commander';
import { asking, parseId, path } from '../context.ts';
import type { Output } from '../output.ts';
import type { Parts } from '../parts.ts';
import { addSplits } from './splits.ts';

interface Staging {
  readonly id: number;
  readonly project: string;
  readonly branch: string;
  readonly state: string;
  readonly active: boolean;
  readonly reason: string | null;
  readonly staged_at: string;
  readonly timeout_at: string;
  readonly batches: readonly {
    readonly id: number;
    readonly pulls: readonly { readonly name: string; readonly title: string }[];
  }[];
  readonly heads: Readonly<Record<string, { readonly head: string; readonly changed: boolean }>>;
  readonly statuses: readonly {
    readonly repository: string;
    readonly context: string;
    readonly state: string;
  }[];
}

interface ListOptions {
  readonly project?: string;
  readonly branch?: string;
  readonly state?: string;
  readonly limit: string;
}

/** `staging list|show|cancel|retry|finish|revert|splits`. */
export function addStaging(program: Command, parts: Parts): void {
  const staging = program.command('staging').description('trial merges');
  staging
    .command('list')
    .description('the newest stagings')
    .option('--project <name>')
    .option('--branch <name>')
    .option('--state <state>', 'pending, success, failure, cancelled, ff_failed or partial')
    .option('--limit <n>', 'at most so many', '20')
    .action((options: ListOptions, command: Command) => list(parts, command, options));
  staging
    .command('show <id>')
    .description('batches, heads and statuses of one')
    .action((id: string, _options: unknown, command: Command) =>
      asking(parts, command, async ({ client, out }) => {
        const one = await client.ask<Staging>('GET', path`/api/stagings/${parseId(id)}`);
        out.json(one);
        print(out, one);
      }),
    );
  for (const act of ACTS) addAct(staging, parts, act);
  addSplits(staging, parts);
}

interface StagingAct {
  readonly name: string;
  readonly what: string;
  /** What is printed: the sentence goes on after `staging N`. */
  readonly done: string;
}

const ACTS: readonly StagingAct[] = [
  { name: 'cancel', what: 'cancel it: its batches wait again', done: 'is cancelled' },
  {
    name: 'retry',
    what: 'stage the batches of an ended one again',
    done: 'will be staged again',
  },
  {
    name: 'finish',
    what: 'a landing stopped half-way: test what is missing on the targets as they are, and land it',
    done: 'will be finished by a staging of what is missing',
  },
  {
    name: 'revert',
    what: 'a landing stopped half-way: undo what landed by new commits, tested like any others',
    done: 'will be reverted by a staging of new commits',
  },
];

function addAct(staging: Command, parts: Parts, { name, what, done }: StagingAct): void {
  staging
    .command(`${name} <id>`)
    .description(what)
    .option('--reason <text>', 'why; kept in the audit log', `${name} on the command line`)
    .action((id: string, { reason }: { reason: string }, command: Command) =>
      asking(parts, command, async ({ client, out }) => {
        const where = path`/api/stagings/${parseId(id)}/${name}`;
        const one = await client.ask<Staging>('POST', where, { reason });
        out.json(one);
        out.line(`staging ${id} ${done}`);
      }),
    );
}

function list(parts: Parts, command: Command, options: ListOptions): Promise<void> {
  const query = new URLSearchParams();
  for (const name of ['project', 'branch', 'state', 'limit'] as const) {
    const value = options[name];
    if (value !== undefined) query.set(name, value);
  }
  return asking(parts, command, async ({ client, out }) => {
    const answer = await client.ask<{ items: Staging[] }>(
      'GET',
      `/api/stagings?${query.toString()}`,
    );
    out.json(answer);
    out.table([
      ['ID', 'BRANCH', 'STATE', 'STAGED', 'PULL REQUESTS', 'REASON'],
      ...answer.items.map((one) => [
        ...[one.id, `${one.project}/${one.branch}`, one.state, one.staged_at],
        ...[
          one.batches.flatMap(({ pulls }) => pulls.map(({ name }) => name)).join(' '),
          one.reason ?? '',
        ],
      ]),
    ]);
  });
}

function print(out: Output, one: Staging): void {
  const reason = one.reason === null ? '' : `: ${one.reason}`;
  out.line(`staging ${one.id} on ${one.project}/${one.branch} is ${one.state}${reason}`);
  out.table([
    ['staged', one.staged_at],
    ['time-out', one.active ? one.timeout_at : null],
  ]);
  for (const { id, pulls } of one.batches)
    out.table(pulls.map(({ name, title }) => [`batch ${id}`, name, title]));
  out.table(
    Object.entries(one.heads).map(([repository, { head, changed }]) => [
      ...[repository, head, changed ? '' : '(unchanged)'],
    ]),
  );
  out.table(one.statuses.map(({ repository, context, state }) => [repository, context, state]));
}
