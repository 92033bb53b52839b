import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which branches have scratch branches at GitHub, and which words of CI wait for their cron. Columns with defaults, the
 * first filled from what was staged; it cannot fail.
 */
export class Scratch1700000000007 implements MigrationInterface {
  readonly name = 'Scratch1700000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "branch" ADD "scratch" boolean NOT NULL DEFAULT false`);
    await runner.query(
      `ALTER TABLE "commit_status" ADD "waiting" boolean NOT NULL DEFAULT false, ADD "before" jsonb`,
    );
    await runner.query(
      `UPDATE branch SET scratch = true WHERE EXISTS (SELECT FROM staging WHERE staging.branch_id = branch.id)`,
    );
  }

  /** For development only: production goes forward. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "commit_status" DROP COLUMN "before", DROP COLUMN "waiting"`);
    await runner.query(`ALTER TABLE "branch" DROP COLUMN "scratch"`);
  }
}
