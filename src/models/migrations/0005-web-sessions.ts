import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Logins as rows, so that they can be ended. Cookies sealed by earlier versions are no logins any more: people log in again. */
export class WebSessions1700000000005 implements MigrationInterface {
  readonly name = 'WebSessions1700000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "web_session" ("hash" text NOT NULL, "github_id" bigint NOT NULL, "login" text NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL, "used_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "pk_web_session" PRIMARY KEY ("hash"))`,
    );
    await runner.query(`CREATE INDEX "ix_web_session_github_id" ON "web_session" ("github_id")`);
  }

  /** For development only: production goes forward. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "web_session"');
  }
}
