import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { dataSource } from '../../ormconfig.ts';
import { type Config, parseConfig } from '../../src/lib/config.ts';
import { Branch } from '../../src/models/branch.ts';
import { Person } from '../../src/models/person.ts';
import { Project } from '../../src/models/project.ts';
import { Repository } from '../../src/models/repository.ts';
import { parseSubstitution } from '../../src/rules/substitutions.ts';
import { applyConfig } from '../../src/setup/apply.ts';
import { formatChange } from '../../src/setup/change.ts';
import { resolvePeople } from '../../src/setup/people.ts';
import { CRON_NAMES } from '../../src/triggers/names.ts';
import { freshDatabase, type TestDatabase } from '../conftest/database.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const TOKEN = 'ghp_neverInTheDatabase';

let database: TestDatabase;
let db: DataSource;

beforeEach(async () => {
  database = await freshDatabase();
  db = await dataSource(database.url).initialize();
});

afterEach(async () => {
  await db.destroy();
  await database.drop();
});

interface Shape {
  readonly branches?: readonly string[];
  readonly repositories?: readonly string[];
  readonly statuses?: readonly object[];
  readonly people?: readonly object[];
  readonly limit?: number;
}

function configOf(shape: Shape): Config {
  const repositories = (shape.repositories ?? ['acme/app', 'acme/web']).map((name) => ({
    name,
    statuses: shape.statuses ?? [{ context: 'ci/test' }],
  }));
  const project = {
    name: 'acme',
    bot: 'stagecoach',
    token: TOKEN,
    webhook_secret: 'a-long-shared-webhook-secret',
    branches: shape.branches ?? ['17.0', '18.0', 'master'],
    repositories,
    people: shape.people ?? [{ login: 'Rita', review: [repositories[0]!.name], admin: true }],
    staging: { batch_limit: shape.limit ?? 8 },
  };
  const result = parseConfig(JSON.stringify({ projects: [project] }), {
    rules: { cronNames: CRON_NAMES, readSubstitution: parseSubstitution },
    folder: '/',
  });
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  return result.config;
}

async function apply(shape: Shape = {}, dryRun = false): Promise<string[]> {
  const config = configOf(shape);
  const changes = await db.transaction((tx) => applyConfig(tx, config, { now: NOW, dryRun }));
  return changes.map(formatChange);
}

async function branches(): Promise<string[]> {
  const rows = await db.manager.find(Branch, { order: { sequence: 'asc' } });
  return rows.map((row) => `${row.sequence} ${row.name}${row.active ? '' : ' off'}`);
}

const rights = (login: string) =>
  db.query<{ kind: string; repository: string | null; context: string | null }[]>(
    `select a.kind, r.name as repository, a.context from access_right a join person p on p.id = a.person_id
       left join repository r on r.id = a.repository_id where lower(p.login) = lower($1) order by a.id`,
    [login],
  );

describe('applying a configuration', () => {
  it('fills an empty database, and tells each thing it added', async () => {
    const changes = await apply();

    expect(changes.filter((line) => !line.includes('cron:'))).toEqual([
      '+ project:acme',
      '+ branch:acme/17.0',
      '+ branch:acme/18.0',
      '+ branch:acme/master',
      '+ repository:acme/app',
      '+ status:acme/app/ci/test',
      '+ repository:acme/web',
      '+ status:acme/web/ci/test',
      '+ person:Rita',
      '+ right:acme/Rita/review acme/app',
      '+ right:acme/Rita/admin',
    ]);
    expect(await db.query('select count(*)::int as n from cron')).toEqual([
      { n: CRON_NAMES.length },
    ]);
    expect(await branches()).toEqual(['0 17.0', '1 18.0', '2 master']);
  });

  it('changes nothing the second time', async () => {
    await apply();

    expect(await apply()).toEqual([]);
  });

  it('changes nothing in a dry run, and tells the same as the real one', async () => {
    const dry = await apply({}, true);

    expect(await db.manager.count(Project)).toBe(0);
    expect(await db.query('select * from audit')).toEqual([]);
    expect(await apply()).toEqual(dry);
  });

  it('audits every change as made by the file', async () => {
    const changes = await apply();

    const rows = await db.query<{ via: string }[]>('select via from audit');
    expect(rows).toHaveLength(changes.length);
    expect(new Set(rows.map((row) => row.via))).toEqual(new Set(['config']));
  });

  it('prints the settings that change, from and to', async () => {
    await apply();

    expect(await apply({ limit: 4 })).toEqual([
      '~ project:acme  settings.staging.batchLimit 8 -> 4',
    ]);
  });

  it('writes no secret anywhere', async () => {
    await apply();

    for (const { tablename } of await db.query<{ tablename: string }[]>(
      `select tablename from pg_tables where schemaname = 'public'`,
    )) {
      const rows: unknown = await db.query('select * from '.concat(tablename));
      expect(JSON.stringify(rows)).not.toContain(TOKEN);
      expect(JSON.stringify(rows)).not.toContain('webhook-secret');
    }
  });

  it('keeps switches that people set', async () => {
    await apply();
    await db.query(`update cron set active = false, reason = 'night' where name = 'merge'`);
    await db.query('update project set staging_enabled = false, frozen = true');
    await db.query(`update branch set active = false, staging_enabled = false where name = '18.0'`);

    expect(await apply({ limit: 5 })).toHaveLength(1);

    expect(await db.query(`select active, reason from cron where name = 'merge'`)).toEqual([
      { active: false, reason: 'night' },
    ]);
    expect(await db.query('select staging_enabled, frozen from project')).toEqual([
      { staging_enabled: false, frozen: true },
    ]);
    expect(await branches()).toEqual(['0 17.0', '1 18.0 off', '2 master']);
  });

  it('makes inactive what is no longer listed, and active again what comes back', async () => {
    await apply();

    expect(await apply({ branches: ['17.0', 'master'], repositories: ['acme/app'] })).toEqual([
      '- branch:acme/18.0 (kept, inactive)',
      '- repository:acme/web (kept, inactive)',
    ]);
    expect(await branches()).toEqual(['0 17.0', '1 18.0 off', '2 master']);
    expect(await db.manager.countBy(Repository, { active: false })).toBe(1);

    expect(await apply()).toEqual([
      '+ branch:acme/18.0 (active again)',
      '+ repository:acme/web (active again)',
    ]);
  });

  it('inserts a branch between others', async () => {
    await apply();

    await apply({ branches: ['17.0', '18.0', '19.0', 'master'] });

    expect(await branches()).toEqual(['0 17.0', '1 18.0', '2 19.0', '3 master']);
  });

  it('has open heads judged again when what is required of them changes', async () => {
    await apply();
    await db.query('delete from status_job');
    const insert = `insert into pull_request (repository_id, number, title, base, head, label, head_label, opened_at, github_updated_at, state_since, batch_id, state)
      select (select id from repository where name = 'acme/app'), n, 't', 'master', 'head' || n, 'l', 'l', now(), now(), now(), $1, s
        from (values (1, 'ready'), (2, 'merged')) as v (n, s)`;
    const batch = await db.query<{ id: number }[]>(
      `insert into batch (project_id, label, created_at) values (1, 'l', now()) returning id`,
    );
    await db.query(insert, [batch[0]!.id]);

    await apply({ statuses: [{ context: 'ci/test' }, { context: 'ci/lint', prs: 'optional' }] });

    const jobs = await db.query<{ sha: string }[]>('select sha from status_job');
    expect(jobs.map((job) => job.sha)).toEqual(['head1']);
  });

  it('refuses to move a repository to another project', async () => {
    await apply();
    const config = configOf({});
    const projects = config.projects.map((one) => ({ ...one, name: 'other' }));

    const moving = db.transaction((tx) => applyConfig(tx, { ...config, projects }, { now: NOW }));

    await expect(moving).rejects.toThrow('repository acme/app belongs to another project');
    expect(await db.manager.countBy(Project, { name: 'other' })).toBe(0);
  });
});

describe('people of a configuration', () => {
  it('grants exactly the rights that are listed', async () => {
    await apply();

    await apply({ people: [{ login: 'rita', overrides: ['ci/lint'], self_review: ['acme/web'] }] });

    expect(await rights('rita')).toEqual([
      { kind: 'self_review', repository: 'acme/web', context: null },
      { kind: 'override', repository: null, context: 'ci/lint' },
    ]);
  });

  it('takes the rights of who is no longer listed, and keeps the person', async () => {
    await apply();

    await apply({ people: [{ login: 'bob', admin: true }] });

    expect(await rights('rita')).toEqual([]);
    expect(await db.manager.count(Person)).toBe(2);
  });

  it('means by a login the account it was first found to be', async () => {
    await apply();
    await db.query(`update person set github_id = 5 where login = 'Rita'`);
    await db.query(
      `insert into audit (at, actor, via, action, object, after)
       values (now(), 'configuration', 'config', 'config.change', 'person:Rita', '{"githubId": "5"}')`,
    );
    await db.query(`update person set login = 'rita-renamed'`);
    await db.query(`insert into person (github_id, login) values (9, 'rita')`);

    expect(await apply()).toEqual([]);
    expect(await rights('rita-renamed')).toHaveLength(2);
    expect(await rights('rita')).toEqual([]);
  });

  it('believes an id of the file more than a login', async () => {
    await db.query(`insert into person (github_id, login) values (9, 'rita'), (5, 'rita-new')`);

    await apply({ people: [{ login: 'rita', id: 5, admin: true }] });

    expect(await rights('rita-new')).toHaveLength(1);
    expect(await rights('rita')).toEqual([]);
  });
});

describe('logins of a configuration', () => {
  const accounts: Readonly<Record<string, number>> = { Rita: 5 };
  const lookUp = (login: string) => {
    const id = accounts[login];
    return Promise.resolve(id === undefined ? null : { id, login });
  };

  it('are looked up once each, and unknown ones are named', async () => {
    await apply({
      people: [
        { login: 'Rita', admin: true },
        { login: 'nobody', admin: true },
      ],
    });

    expect(await resolvePeople(db, { lookUp, now: NOW })).toEqual(['nobody']);

    expect(await db.query('select login, github_id from person order by id')).toEqual([
      { login: 'Rita', github_id: '5' },
      { login: 'nobody', github_id: null },
    ]);
  });

  it('give their rights to the account GitHub has spoken of before, under another login', async () => {
    await db.query(`insert into person (github_id, login) values (5, 'rita-before')`);
    await apply({ people: [{ login: 'Rita', admin: true, email: 'rita@acme.test' }] });

    await resolvePeople(db, { lookUp, now: NOW });

    expect(await rights('rita-before')).toHaveLength(1);
    expect(await db.query('select github_id, email from person')).toEqual([
      { github_id: '5', email: 'rita@acme.test' },
    ]);
    expect(await apply({ people: [{ login: 'Rita', admin: true }] })).toEqual([]);
  });
});
