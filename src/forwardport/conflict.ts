import { type Commit, type Signature, signAt } from '../git/index.ts';
import type { Sha } from '../lib/ids.ts';
import { conflictCommitMessage } from '../messages/forwardport.ts';
import { readAll } from './commits.ts';
import type { Made, MakeOrder } from './made.ts';

/** A series that could not be carried over, and where it stopped. */
interface Stopped {
  readonly onto: Sha;
  readonly commits: readonly Sha[];
  readonly rewrite: (commit: Commit) => string;
  readonly stop: { readonly commit: Sha; readonly output: string; readonly empty?: true };
}

/**
 * Makes the one commit that shows the conflict of a whole pull request (R26). Its author is the one of all commits, or the
 * bot without an address: a mixed conflict must not be landed by accident (forwardport spec 8.1).
 */
export async function makeConflict(order: MakeOrder, stopped: Stopped): Promise<Made> {
  const { clone, bot, now } = order;
  const commits = await readAll(clone, stopped.commits);
  const nobody = signAt({ name: bot.name, email: '' }, now);
  const outcome = await clone.conflictCommit({
    onto: stopped.onto,
    commits: stopped.commits,
    message: ({ output }) => messageFor(order, { ...stopped, commits, output }),
    author: commonSignature(commits.map((commit) => commit.author)) ?? nobody,
    committer: {
      ...(commonSignature(commits.map((commit) => commit.committer)) ?? nobody),
      date: nobody.date,
    },
    labels: { ours: order.target, base: `before ${order.rootName}`, theirs: order.rootName },
  });
  if (outcome.kind !== 'made') return { kind: 'impossible', reason: outcome.detail };
  return {
    kind: 'made',
    head: outcome.commit,
    commitCount: 1,
    conflict: {
      commit: stopped.stop.commit,
      commits: commits.map((one) => ({ sha: one.sha, subject: subjectOf(one) })),
      files: outcome.files,
      output: (outcome.output || stopped.stop.output).slice(0, LONGEST_OUTPUT),
      empty: stopped.stop.empty ?? false,
    },
  };
}

const LONGEST_OUTPUT = 8192; // comments and commits quote it (forwardport spec 7)

/** The only commit keeps its message, so that its author can amend it; several are told apart. */
function messageFor(
  order: MakeOrder,
  {
    commits,
    stop,
    output,
    rewrite,
  }: Omit<Stopped, 'commits'> & { commits: Commit[]; output: string },
): string {
  const [only, ...others] = commits;
  if (only && others.length === 0) return rewrite(only);
  const failed = commits.find((commit) => commit.sha === stop.commit);
  return conflictCommitMessage({
    title: order.root.title,
    source: order.rootName,
    failed: { sha: stop.commit, subject: failed ? subjectOf(failed) : '' },
    output: (stop.output || output).slice(0, LONGEST_OUTPUT),
  });
}

/** The one person behind all, with the date of the last; null when there are several. */
function commonSignature(all: readonly Signature[]): Signature | null {
  const last = all.at(-1);
  if (!last) return null;
  return all.every((one) => one.name === last.name && one.email === last.email) ? last : null;
}

function subjectOf(commit: Commit): string {
  return commit.message.split('\n', 1)[0] ?? '';
}
