import { addStatus, addCheckRun } from '../acts/checks.ts';
import { ciAccount } from '../acts/accounts.ts';
import type { Sim } from '../sim.ts';
import type { CiRule } from './rule.ts';
import { fullName, type PullIssue } from '../state/state.ts';
import type { Repository } from '../state/types.ts';

interface Pushed {
  readonly repository: Repository;
  readonly branch: string;
  readonly sha: string;
}

/**
 * Answers every pushed commit by the first rule that fits, context by context (two contexts are two
 * questions). The head of a pull request from a fork is answered in the repository it was sent to.
 */
export function startCi(sim: Sim): void {
  const answered = new Set<string>();
  const look = (pushed: Pushed): void => {
    for (const rule of rulesFor(sim, pushed)) {
      const key = [sim.generation, pushed.repository.id, pushed.sha, rule.context, rule.result];
      if (rule.result === 'none' || answered.has(key.join(' '))) continue;
      answered.add(key.join(' '));
      schedule(sim, rule, pushed);
    }
  };
  sim.bus.on('push', look);
  sim.bus.on('pull', ({ repository, issue }: { repository: Repository; issue: PullIssue }) => {
    if (issue.pull.headRepositoryId === repository.id) return;
    look({ repository, branch: issue.pull.headRef, sha: issue.pull.headSha });
  });
}

function rulesFor(sim: Sim, pushed: Pushed): CiRule[] {
  const name = fullName(sim.state, pushed.repository).toLowerCase();
  const first = new Map<string, CiRule>();
  for (const rule of sim.switches.ci) {
    if (rule.repository !== undefined && rule.repository.toLowerCase() !== name) continue;
    if (rule.branch !== undefined && !new RegExp(rule.branch).test(pushed.branch)) continue;
    if (!first.has(rule.context)) first.set(rule.context, rule);
  }
  return [...first.values()];
}

function schedule(sim: Sim, rule: CiRule, pushed: Pushed): void {
  const { generation } = sim;
  sim.ciPending += 1;
  setTimeout(() => {
    if (generation !== sim.generation) return;
    void reply(sim, rule, pushed).finally(() => {
      sim.ciPending -= 1;
    });
  }, rule.after_ms).unref();
}

async function reply(sim: Sim, rule: CiRule, pushed: Pushed): Promise<void> {
  const { repository, sha } = pushed;
  if (!sim.state.repositories.has(repository.id) || rule.result === 'none') return;
  const by = ciAccount(sim);
  const url = `${sim.url}/_sim/ci`;
  if (rule.kind === 'check_run') {
    const done = rule.result !== 'pending';
    await addCheckRun(sim, repository, {
      sha,
      by,
      appId: null,
      name: rule.context,
      status: done ? 'completed' : 'in_progress',
      conclusion: done ? rule.result : null,
      detailsUrl: url,
    });
  } else
    await addStatus(sim, repository, {
      sha,
      by,
      state: rule.result,
      context: rule.context,
      description: null,
      targetUrl: url,
    });
  sim.remember();
}
