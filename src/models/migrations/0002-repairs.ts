import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Repairs of landings that stopped half-way, memory of red sets, splits depth first. Adds columns with defaults and a
 * table: it can fail only where something of the same name stands in the way.
 */
export class Repairs1700000000002 implements MigrationInterface {
  readonly name = 'Repairs1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  /** For development only: production goes forward. */
  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `ALTER TABLE "staging" ADD "losses" jsonb NOT NULL DEFAULT '[]'`,
  `ALTER TABLE "staging" ADD "repairs_id" integer`,
  `ALTER TABLE "staging" ADD "repair" text`,
  `ALTER TABLE "staging" ADD "repair_wanted" text`,
  `ALTER TABLE "staging" ADD CONSTRAINT "fk_staging_repairs_id" FOREIGN KEY ("repairs_id") REFERENCES "staging"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE INDEX "ix_staging_repairs_id" ON "staging" ("repairs_id")`,
  `ALTER TABLE "branch" ADD "depth_first" boolean NOT NULL DEFAULT false`,
  `CREATE TABLE "red_set" ("branch_id" integer NOT NULL, "key" text NOT NULL, "staging_id" integer NOT NULL, "at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "pk_red_set" PRIMARY KEY ("branch_id", "key"))`,
  `ALTER TABLE "red_set" ADD CONSTRAINT "fk_red_set_branch_id" FOREIGN KEY ("branch_id") REFERENCES "branch"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "red_set" ADD CONSTRAINT "fk_red_set_staging_id" FOREIGN KEY ("staging_id") REFERENCES "staging"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
];

const DOWN = [
  `DROP TABLE "red_set"`,
  `ALTER TABLE "branch" DROP COLUMN "depth_first"`,
  `ALTER TABLE "staging" DROP COLUMN "repair_wanted"`,
  `ALTER TABLE "staging" DROP COLUMN "repair"`,
  `ALTER TABLE "staging" DROP COLUMN "repairs_id"`,
  `ALTER TABLE "staging" DROP COLUMN "losses"`,
];
