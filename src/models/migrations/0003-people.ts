import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Rights that a project changes or takes from GitHub, what the bot said to whom, the bot's own accounts, the age of a
 * head, and the order of deliveries that wait. Every column has a default or may be empty: it passes over any rows.
 */
export class People1700000000003 implements MigrationInterface {
  readonly name = 'People1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** For development only: production goes forward. */
  async down(runner: QueryRunner): Promise<void> {
    for (const statement of BACK) await runner.query(statement);
  }
}

const STATEMENTS = [
  `CREATE TABLE "command_rule" ("project_id" integer NOT NULL, "command" text NOT NULL, "origin" text NOT NULL, "add" jsonb NOT NULL DEFAULT '[]', "remove" jsonb NOT NULL DEFAULT '[]', CONSTRAINT "pk_command_rule" PRIMARY KEY ("project_id", "command", "origin"))`,
  `ALTER TABLE "command_rule" ADD CONSTRAINT "fk_command_rule_project_id" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
  `CREATE TABLE "github_permission" ("repository_id" integer NOT NULL, "person_id" integer NOT NULL, "permission" text NOT NULL, "read_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "pk_github_permission" PRIMARY KEY ("repository_id", "person_id"))`,
  `ALTER TABLE "github_permission" ADD CONSTRAINT "fk_github_permission_repository_id" FOREIGN KEY ("repository_id") REFERENCES "repository"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
  `ALTER TABLE "github_permission" ADD CONSTRAINT "fk_github_permission_person_id" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
  `ALTER TABLE "command_log" ADD "person_id" integer`,
  `ALTER TABLE "command_log" ADD "repository_id" integer`,
  `ALTER TABLE "command_log" ADD "number" integer`,
  `ALTER TABLE "command_log" ADD "answered" boolean NOT NULL DEFAULT false`,
  `ALTER TABLE "command_log" ADD "text_hash" text`,
  `ALTER TABLE "command_log" ADD CONSTRAINT "fk_command_log_person_id" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "command_log" ADD CONSTRAINT "fk_command_log_repository_id" FOREIGN KEY ("repository_id") REFERENCES "repository"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE INDEX "ix_command_log_person_id_at" ON "command_log" ("person_id", "at")`,
  `CREATE INDEX "ix_command_log_repository_id_number" ON "command_log" ("repository_id", "number")`,
  `ALTER TABLE "project" ADD "own_ids" jsonb NOT NULL DEFAULT '[]'`,
  `ALTER TABLE "pull_request" ADD "head_since" TIMESTAMP WITH TIME ZONE`,
  `ALTER TABLE "fetch_job" ADD "person_id" integer`,
  `ALTER TABLE "fetch_job" ADD CONSTRAINT "fk_fetch_job_person_id" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "delivery" ADD "line" text`,
  `CREATE INDEX "ix_delivery_line_some" ON "delivery" ("line") WHERE done_at is null and line is not null`,
];

const BACK = [
  `DROP INDEX "ix_delivery_line_some"`,
  `ALTER TABLE "delivery" DROP COLUMN "line"`,
  `ALTER TABLE "fetch_job" DROP COLUMN "person_id"`,
  `ALTER TABLE "pull_request" DROP COLUMN "head_since"`,
  `ALTER TABLE "project" DROP COLUMN "own_ids"`,
  ...['text_hash', 'answered', 'number', 'repository_id', 'person_id'].map(
    (column) => `ALTER TABLE "command_log" DROP COLUMN "${column}"`,
  ),
  `DROP TABLE "github_permission"`,
  `DROP TABLE "command_rule"`,
];
