import type { DataSource } from 'typeorm';
import type { ForwardportPolicy, Priority } from '../../models/batch.ts';
import { gateFacts } from '../../models/queries/gate-facts.ts';
import { gates } from '../../rules/gates.ts';
import type { Gate } from '../../rules/gates.ts';
import type { MergeMethod } from '../../rules/merge-method.ts';
import { isOpen } from '../../rules/pull-request.ts';
import type { PullRequestState } from '../../rules/pull-request.ts';
import type { ContextVerdict } from '../../rules/status.ts';
import { portsOf, rootOf } from './pull.ts';
import type { PortRow, PullRow } from './pull.ts';
import { pullRefs } from './pull-refs.ts';
import type { PullRef } from './pull-refs.ts';

/** What became of a pull request on one later branch: a port, or the reason why there is none. */
export interface PortView {
  readonly target: string;
  readonly repository: string;
  /** Null while it is not opened, and when there is none. */
  readonly number: number | null;
  readonly state: PullRequestState | Exclude<PortRow['state'], 'opened'>;
  /** Why there is none. */
  readonly reason: string | null;
  readonly branch: string;
  readonly conflict: boolean;
}

/** The pull request object of contract 4. */
export interface PullView {
  readonly repository: string;
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly state: PullRequestState;
  readonly draft: boolean;
  readonly head: string;
  readonly target: string;
  readonly author: string | null;
  readonly approved_by: string | null;
  readonly approved_sha: string | null;
  readonly merge_method: MergeMethod | null;
  readonly priority: Priority;
  readonly blocked: string | null;
  readonly error: string | null;
  readonly gates: readonly Gate[];
  readonly statuses: readonly Pick<
    ContextVerdict,
    'context' | 'state' | 'required' | 'url' | 'description' | 'overridden'
  >[];
  readonly batch: number;
  readonly staging: number | null;
  readonly merged_sha: string | null;
  readonly merged_at: Date | null;
  /** Closing it at GitHub waits for the cron `feedback` (R22). */
  readonly closing_waits: boolean;
  /** The first pull request of the whole chain. */
  readonly source: PullRef | null;
  readonly parent: PullRef | null;
  /** The first one it is still attached to; null: itself. */
  readonly root: PullRef | null;
  readonly detach_reason: string | null;
  readonly forwardports: readonly PortView[];
  readonly limit: string | null;
  readonly fw_policy: ForwardportPolicy;
}

/** Puts together what is shown of a pull request; `webUrl` is GitHub's address. */
export async function viewPull(db: DataSource, row: PullRow, webUrl: string): Promise<PullView> {
  const facts = await gateFacts(db, row.id);
  const ports = await portsOf(db, row.id);
  const rootId = await rootOf(db, row.id);
  const mentioned = [row.sourceId, row.parentId, rootId, ...ports.map((port) => port.pullId)];
  const refs = await pullRefs(
    db,
    mentioned.filter((id) => id !== null),
  );
  const ref = (id: number | null): PullRef | null => (id === null ? null : (refs.get(id) ?? null));
  return {
    repository: row.repository,
    number: row.number,
    url: `${webUrl}/${row.repository}/pull/${row.number}`,
    title: row.title,
    state: row.state,
    draft: row.draft,
    head: row.head,
    target: row.target,
    author: row.author,
    approved_by: row.approvedSha === row.head ? row.approvedBy : null,
    approved_sha: row.approvedSha,
    merge_method: row.mergeMethod,
    priority: row.priority,
    blocked: isOpen(row.state) ? (row.batchBlocked ?? row.blocked) : null,
    error: row.error,
    gates: gates(facts),
    statuses: facts.statuses.contexts.map(
      ({ context, state, required, url, description, overridden }) => ({
        context,
        state,
        required,
        url,
        description,
        ...(overridden && { overridden }),
      }),
    ),
    batch: row.batchId,
    staging: row.staging,
    merged_sha: row.mergedSha,
    merged_at: row.mergedAt,
    closing_waits: row.closingWaits,
    source: ref(row.sourceId),
    parent: ref(row.parentId),
    root: rootId === row.id ? null : ref(rootId),
    detach_reason: row.detachReason,
    forwardports: ports.map((port) => viewPort(row, port, ref(port.pullId))),
    limit: row.limit,
    fw_policy: row.forwardportPolicy,
  };
}

function viewPort(source: PullRow, port: PortRow, pull: PullRef | null): PortView {
  return {
    target: port.target,
    repository: source.repository,
    number: pull?.number ?? null,
    state: pull?.state ?? (port.state === 'opened' ? 'pushed' : port.state),
    reason: port.reason,
    branch: port.branch,
    conflict: port.conflict !== null,
  };
}
