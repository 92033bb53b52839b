import type { Command } from 'commander';
import { UserError } from '../../lib/errors.ts';
import { asking, globalsOf, parsePull, path } from '../context.ts';
import type { Output } from '../output.ts';
import type { Parts } from '../parts.ts';
import { begin } from './begin.ts';
import { abort, goOn } from './go-on.ts';
import { nameOf, type Progress, type Replay, type ReplayPlan } from './plan.ts';

interface ReplayOptions {
  readonly dir: string;
  readonly continue?: boolean;
  readonly abort?: boolean;
}

/** `forwardport replay`. */
export function addReplay(forwardport: Command, parts: Parts): void {
  forwardport
    .command('replay [port]')
    .description(
      'makes a port in conflict again, commit by commit, in a clone of yours: OWNER/REPO#N',
    )
    .option('--dir <folder>', 'the clone; a new one is made where there is none', '.')
    .option('--continue', 'after a conflict is solved: commits it, and picks the rest')
    .option('--abort', 'goes back to where you were')
    .action((port: string | undefined, options: ReplayOptions, command: Command) =>
      replay(parts, command, { port, options }),
    );
}

async function replay(
  parts: Parts,
  command: Command,
  { port, options }: { port: string | undefined; options: ReplayOptions },
): Promise<void> {
  const { out } = globalsOf(command);
  const ways = [port, options.continue, options.abort].filter((way) => way !== undefined);
  if (ways.length !== 1)
    throw new UserError({ code: 'usage', detail: 'name the port, or say --continue or --abort' });
  if (options.abort === true) {
    printAborted(out, await abort(options.dir));
    return;
  }
  if (port === undefined) {
    printProgress(out, await goOn(options.dir));
    return;
  }
  const { repository, number } = parsePull(port);
  const [owner = '', name = ''] = repository.split('/');
  await asking(parts, command, async ({ client }) => {
    const plan = await client.ask<ReplayPlan>(
      'GET',
      path`/api/forwardports/${owner}/${name}/${number}`,
    );
    printProgress(out, await begin(options.dir, plan));
  });
}

function printProgress(out: Output, { leftOut, standing }: Progress): void {
  const { kind, replay } = standing;
  const { plan, done } = replay;
  const push = kind === 'done' ? standing.push : [];
  const files = kind === 'stopped' ? standing.files : [];
  out.json({ kind, port: nameOf(plan), branch: plan.branch, done, leftOut, files, push });
  for (const sha of leftOut)
    out.line(`${sha.slice(0, 12)} is left out: nothing of it is needed here`);
  if (kind === 'done') printDone(out, replay, push);
  else {
    printStop(out, replay, files);
    process.exitCode = 1; // as git does: `replay && push` must not push half a series
  }
}

function printStop(out: Output, { plan, done }: Replay, files: readonly string[]): void {
  const { commits, branch, target } = plan;
  const commit = commits[done];
  const place = `${nameOf(plan)}: commit ${done + 1} of ${commits.length}`;
  out.line(`${place}, ${commit?.sha.slice(0, 12) ?? ''} ${commit?.subject ?? ''}`);
  if (files.length === 0) {
    out.line(
      `changes nothing on ${target}. Make it change what it should and git add that, or go on to leave it out:`,
    );
  } else {
    out.line(`conflicts on ${target} (you are on the branch ${branch}):`);
    for (const file of files) out.line(`  ${file}`);
    out.line('Solve them (git mergetool, or your editor), git add them, and go on:');
  }
  out.line('  stagecoach forwardport replay --continue');
  out.line('To give up: stagecoach forwardport replay --abort');
}

function printDone(out: Output, { plan, done }: Replay, push: readonly string[]): void {
  out.line(
    `${nameOf(plan)}: all ${done} commits are on ${plan.branch}. Look it over, then push it in place of the conflict:`,
  );
  out.line(`  ${push.map(quote).join(' ')}`);
  out.line(`When CI is green, it needs an approval of its own there: @${plan.bot} r+`);
}

function printAborted(out: Output, aborted: Awaited<ReturnType<typeof abort>>): void {
  out.json({ kind: 'aborted', ...aborted });
  out.line(`The replay of ${aborted.name} is gone; you are on ${aborted.from} again.`);
  out.line(`What was done of it can still be found as ${aborted.tip.slice(0, 12)}.`);
}

/** For a shell. Names of branches come from strangers, and people copy the line. */
function quote(word: string): string {
  return /^[\w./:=@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
