import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a push of the bot replaced and when, so that old news of it is known as such; and teams of people. Every column may
 * be empty: it passes over any rows.
 */
export class Ports1700000000004 implements MigrationInterface {
  readonly name = 'Ports1700000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "port" ADD "replaced_head" text`);
    await runner.query(`ALTER TABLE "port" ADD "pushed_at" TIMESTAMP WITH TIME ZONE`);
    await runner.query(`ALTER TABLE "person" ADD "team" text`);
  }

  /** For development only: production goes forward. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "person" DROP COLUMN "team"`);
    await runner.query(`ALTER TABLE "port" DROP COLUMN "pushed_at"`);
    await runner.query(`ALTER TABLE "port" DROP COLUMN "replaced_head"`);
  }
}
