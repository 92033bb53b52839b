import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The queues that keep what is done (35 days of it) find the next open row without passing by the others. Cannot fail; on
 * a large table the writers wait while an index is built.
 */
export class OpenRows1700000000006 implements MigrationInterface {
  readonly name = 'OpenRows1700000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX "ix_delivery_id_some" ON "delivery" ("id") WHERE done_at is null and dead_at is null',
    );
    await runner.query(
      'CREATE INDEX "ix_feedback_id_some" ON "feedback" ("id") WHERE done_at is null and dead_at is null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "ix_feedback_id_some"');
    await runner.query('DROP INDEX "ix_delivery_id_some"');
  }
}
