import type { EntityManager } from 'typeorm';
import { Port } from '../models/port.ts';
import { PullRequest } from '../models/pull-request.ts';
import { isOpen } from '../rules/pull-request.ts';

/** A port with the row that says where its branch is and what the bot put there. */
export interface Descendant {
  readonly child: PullRequest;
  readonly port: Port;
}

/** What hangs on a pull request, nearest first: the ports that follow it, and the first that cannot. */
export interface Descendants {
  readonly follow: readonly Descendant[];
  readonly blocked: PullRequest | null;
}

/**
 * Walks from child to child while the whole batch of each is attached: from a detached sibling on nobody follows, so that
 * batches stay consistent (forwardport spec 13).
 */
export async function readDescendants(tx: EntityManager, pull: PullRequest): Promise<Descendants> {
  const follow: Descendant[] = [];
  for (let at = pull; ;) {
    const child = await tx.findOne(PullRequest, {
      where: { parentId: at.id },
      order: { id: 'asc' },
    });
    if (!child) return { follow, blocked: null };
    if (!isOpen(child.state)) return { follow, blocked: child };
    const port = await tx.findOneBy(Port, { pullRequestId: child.id });
    const siblings = await tx.findBy(PullRequest, { batchId: child.batchId });
    const together = siblings.every((one) => !isOpen(one.state) || one.parentId !== null);
    if (!port || !together) return { follow, blocked: null };
    follow.push({ child, port });
    at = child;
  }
}
