import type { EntityManager } from 'typeorm';
import { say } from '../feedback/say.ts';
import { PullRequest } from '../models/pull-request.ts';
import type { ContextVerdict } from '../rules/status.ts';
import { isFailure } from '../rules/status.ts';
import type { JudgedPull } from './facts.ts';
import { pingsOf } from './pings.ts';
import { portFailed } from '../messages/forwardport.ts';
import { reviewedButFailed } from '../messages/pull-request.ts';

/**
 * Tells people of CI failures that are theirs to act on: on an approved pull request, and on a port that still follows its
 * chain. Once per (context, URL): a rebuild speaks again, a repeated delivery does not (R16, spec 11.2 row 37).
 */
export async function tellFailures(
  tx: EntityManager,
  pulls: readonly JudgedPull[],
  now: Date,
): Promise<void> {
  for (const pull of pulls) await tellOne(tx, pull, now);
}

async function tellOne(tx: EntityManager, pull: JudgedPull, now: Date): Promise<void> {
  const { row, facts, verdict } = pull;
  const isPort = row.parentId !== null && facts.state === 'opened';
  if (facts.state !== 'approved' && !isPort) return;
  const fresh = verdict.contexts.filter(
    (one) => one.counts && isFailure(one.state) && isNew(row, one),
  );
  if (fresh.length === 0) return;
  const ping = await pingsOf(tx, row);
  for (const one of fresh) {
    const facts = { ping, failures: [{ context: one.context, url: one.url }] };
    await say(tx, {
      at: row,
      key: `ci-failed/${pull.facts.name}/${one.context}/${one.url ?? ''}/${row.head}`,
      text: isPort ? portFailed(facts) : reviewedButFailed(facts),
      now,
      account: isPort ? 'forwardport' : 'main',
    });
  }
  const told = Object.fromEntries(fresh.map((one) => [one.context, one.url ?? '']));
  await tx.update(PullRequest, row.id, { toldFailures: { ...row.toldFailures, ...told } });
}

function isNew(row: PullRequest, one: ContextVerdict): boolean {
  return row.toldFailures[one.context] !== (one.url ?? '');
}
