import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { EntityManager, QueryRunner } from 'typeorm';

/** A statement that PostgreSQL reads and plans once a connection. The name follows from the text, as the protocol wants it. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/** Names a statement. Its text is built from constants of this code base only; values are parameters. */
export function prepare(text: string): Prepared {
  return { name: createHash('sha256').update(text).digest('hex').slice(0, 24), text };
}

/**
 * Runs one: in the transaction of the manager, or as a transaction of its own. For the few statements that run once a queue
 * row or once a run: reading and planning them anew takes longer than what they do (`npm run bench -- queue`).
 */
export async function execute<Row>(
  tx: EntityManager,
  statement: Prepared,
  values: readonly unknown[],
): Promise<Row[]> {
  if (tx.queryRunner) return send(tx.queryRunner, statement, values);
  const own = tx.dataSource.createQueryRunner();
  try {
    return await send(own, statement, values);
  } finally {
    await own.release();
  }
}

async function send<Row>(
  runner: QueryRunner,
  statement: Prepared,
  values: readonly unknown[],
): Promise<Row[]> {
  const client = (await runner.connect()) as ClientBase;
  const { rows } = await client.query({ ...statement, values: [...values] });
  return rows as Row[];
}
