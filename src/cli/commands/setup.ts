import type { Command } from 'commander';
import { createHash, randomBytes } from 'node:crypto';
import { systemClock } from '../../lib/clock.ts';
import { describeSchema } from '../../lib/config.ts';
import { applyConfig } from '../../setup/apply.ts';
import { formatChange } from '../../setup/change.ts';
import { migrate } from '../../setup/migrate.ts';
import { rehearseConfig } from '../../setup/rehearse.ts';
import { CRON_NAMES } from '../../triggers/names.ts';
import { openLog, readConfig } from '../config.ts';
import { asking, globalsOf } from '../context.ts';
import type { Finding, Parts } from '../parts.ts';

type Database = Awaited<ReturnType<Parts['openDatabase']>>['db'];

/** `apply`, `schema`, `migrate`, `token create`, `reconcile` and `doctor`. */
export function addSetup(program: Command, parts: Parts): void {
  program
    .command('apply')
    .description('make the database say what the configuration file says')
    .option('--dry-run', 'only show the difference')
    .action((options: { dryRun?: boolean }, command: Command) =>
      apply(parts, command, options.dryRun === true),
    );
  program
    .command('schema')
    .description('print the JSON Schema of the configuration file')
    .action(
      () => void process.stdout.write(`${JSON.stringify(describeSchema(CRON_NAMES), null, 2)}\n`),
    );
  program
    .command('migrate')
    .description('bring the database to the schema of this version')
    .action((_options: unknown, command: Command) => runMigrations(parts, command));
  program
    .command('token')
    .description('tokens for the API')
    .command('create <name>')
    .description('make one; it is shown once')
    .action((name: string, _options: unknown, command: Command) =>
      createToken(parts, command, name),
    );
  addReconcile(program, parts);
  program
    .command('doctor')
    .description('check tokens, rights, webhooks, statuses, git and the database')
    .action((_options: unknown, command: Command) => examine(parts, command));
}

function addReconcile(program: Command, parts: Parts): void {
  program
    .command('reconcile')
    .description('read everything again from GitHub')
    .option('--repo <name>', 'only the open pull requests of OWNER/REPO')
    .action(({ repo }: { repo?: string }, command: Command) =>
      asking(parts, command, async ({ client, out }) => {
        const body = repo === undefined ? {} : { repository: repo };
        const answer = await client.ask<{ queued: number | null }>('POST', '/api/reconcile', body);
        out.json(answer);
        out.line(
          answer.queued === null
            ? 'everything will be read again'
            : `${answer.queued} pull requests will be read again`,
        );
      }),
    );
}

async function apply(parts: Parts, command: Command, dryRun: boolean): Promise<void> {
  const { file, out } = globalsOf(command);
  const config = await readConfig(file);
  const now = systemClock.now();
  await withDatabase(parts, { config, use: dryRun ? 'look' : 'migrate' }, async (db) => {
    const changes = dryRun
      ? await rehearseConfig(db, config, now)
      : await db.transaction((tx) => applyConfig(tx, config, { now }));
    out.json({ applied: !dryRun, changes });
    for (const change of changes) out.line(formatChange(change));
    if (changes.length === 0) out.line('the database says what the file says');
    else out.line(dryRun ? 'nothing was changed (--dry-run)' : 'applied');
  });
}

async function runMigrations(parts: Parts, command: Command): Promise<void> {
  const { file, out } = globalsOf(command);
  const config = await readConfig(file);
  await withDatabase(parts, { config, use: 'as it is' }, async (db) => {
    const names = await migrate(db);
    out.json({ migrations: names });
    for (const name of names) out.line(name);
    out.line(
      names.length === 0 ? 'the database is up to date' : `${names.length} migration(s) run`,
    );
  });
}

async function createToken(parts: Parts, command: Command, name: string): Promise<void> {
  const { file, out } = globalsOf(command);
  const config = await readConfig(file);
  const token = `sct_${randomBytes(32).toString('base64url')}`;
  await withDatabase(parts, { config, use: 'migrate' }, async (db) => {
    const now = systemClock.now();
    const hash = createHash('sha256').update(token).digest('hex');
    await db.transaction(async (tx) => {
      await tx.query('insert into api_token (name, hash, created_at) values ($1, $2, $3)', [
        ...[name, hash, now],
      ]);
      await tx.query(
        `insert into audit (at, actor, via, action, object) values ($1, 'operator', 'cli', 'token.create', $2)`,
        [now, `token:${name}`],
      );
    });
  });
  out.json({ name, token });
  out.line(token);
}

async function examine(parts: Parts, command: Command): Promise<void> {
  const { file, out } = globalsOf(command);
  const config = await readConfig(file);
  const findings = await parts.examine(config, { log: openLog(config, 'silent') });
  out.json({ items: findings });
  out.table(findings.map((one) => [wordOf(one), one.subject, one.detail]));
  if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
}

function wordOf({ ok, doubtful }: Finding): string {
  if (!ok) return 'BAD';
  return doubtful === true ? 'LOOK' : 'ok';
}

/** What is done to the database before the work: it is migrated, or nothing; `look`: and the work changes nothing either. */
type Use = 'migrate' | 'as it is' | 'look';

async function withDatabase(
  parts: Parts,
  { config, use }: { config: Awaited<ReturnType<typeof readConfig>>; use: Use },
  work: (db: Database) => Promise<void>,
): Promise<void> {
  const log = openLog(config, 'error');
  const database = await parts.openDatabase(config, { log, onlyLooks: use === 'look' });
  try {
    if (use === 'migrate') await migrate(database.db);
    await work(database.db);
  } finally {
    await database.close();
  }
}
