import { pino } from 'pino';
import { dataSource } from '../../../ormconfig.ts';
import { cleanBranches } from '../../../src/crons/clean-branches.ts';
import { portForward } from '../../../src/crons/port-forward.ts';
import { remind } from '../../../src/crons/remind.ts';
import { type CronBody, Runner } from '../../../src/crons/runner.ts';
import { updateFollowups } from '../../../src/crons/update-followups.ts';
import { factsOf } from '../../../src/forwardport/facts.ts';
import { recordPullRequest } from '../../../src/ledger/record.ts';
import { refreshBatches } from '../../../src/ledger/refresh.ts';
import type { Sha } from '../../../src/lib/ids.ts';
import { Batch } from '../../../src/models/batch.ts';
import { Branch } from '../../../src/models/branch.ts';
import { CommitStatus } from '../../../src/models/commit-status.ts';
import type { ProjectSettings } from '../../../src/models/project.ts';
import { PullRequest } from '../../../src/models/pull-request.ts';
import { Feedback, ForwardportJob, LabelChange } from '../../../src/models/queues.ts';
import { CRON_NAMES, type CronName } from '../../../src/triggers/names.ts';
import type { World } from '../../../src/world.ts';
import { freshDatabase } from '../../conftest/database.ts';
import { aScratch, lines, REPOSITORY_ID, type Scratch } from '../../unit/git/scratch.ts';
import { type Fault, MemoryGitHub } from './memory-github.ts';
import { holes, strangers } from './port-checks.ts';
import { landCopies } from './port-landing.ts';
import { USUAL_SETTINGS } from '../../conftest/settings.ts';
import { seed } from './port-seed.ts';
import type { PortWorld } from './port-types.ts';

/** Makes a world with branches `a`, `b`, `c`, oldest first, unless told otherwise. */
export async function aPortWorld(
  shape: { branches?: string[]; repos?: string[]; settings?: Partial<ProjectSettings> } = {},
): Promise<PortWorld> {
  const { branches = ['a', 'b', 'c'], repos = ['acme/app'] } = shape;
  const database = await freshDatabase();
  const db = await dataSource(database.url).initialize();
  const scratches = new Map<string, Scratch>();
  for (const repo of repos) scratches.set(repo, await aScratch());
  const scratch = (repo = repos[0] ?? '') => scratches.get(repo) ?? missing(repo);
  let time = Date.UTC(2026, 0, 5, 12);
  let fault: Fault = () => undefined;
  const github = new MemoryGitHub({
    now: () => new Date(time),
    head: (remote, branch) => scratch(remote).git('rev-parse', `refs/heads/${branch}`) as Sha,
    fault: (operation, when) => fault(operation, when),
  });
  const warnings: unknown[] = [];
  const log = pino(
    { level: 'warn', base: null },
    { write: (line: string) => void warnings.push(line) },
  );
  const world: World = {
    db,
    log,
    clock: { now: () => new Date(time) },
    github: () => github.gateway,
    async clone(_project, { id, name }) {
      const own = repos.find((repo) => ids.repos[repo] === id);
      const remote = { url: `file://${scratch(name).origin}` };
      const clone = await scratch(own).clones.of(REPOSITORY_ID, remote);
      return {
        ...clone,
        async push(...call) {
          fault('push', 'before');
          const outcome = await clone.push(...call);
          fault('push', 'after');
          return outcome;
        },
      };
    },
    identity: () =>
      Promise.resolve({ id: '1', login: 'stagecoach', name: 'stagecoach', email: 'bot@acme.test' }),
    url: '',
    webUrl: '',
  };
  const nothing: CronBody = () => Promise.resolve();
  const bodies = Object.fromEntries(CRON_NAMES.map((name) => [name, nothing])) as Record<
    CronName,
    CronBody
  >;
  const runner = new Runner(world, {
    ...bodies,
    forwardport: portForward,
    'forwardport-updates': updateFollowups,
    reminders: remind,
    'branch-removal': cleanBranches,
  });
  const ids = await seed(db, {
    branches,
    repos,
    settings: { ...USUAL_SETTINGS, ...shape.settings },
  });
  for (const repo of repos) {
    const base = scratch(repo).commit({ files: { f: lines() }, message: 'base\n' });
    branches.forEach((branch) => {
      const own = scratch(repo).commit({
        on: base,
        files: { [`${branch}.txt`]: branch },
        message: `start ${branch}\n`,
      });
      scratch(repo).branch(branch, own);
    });
  }
  let number = 0;
  const self: PortWorld = {
    db,
    github,
    scratch,
    now: () => new Date(time),
    advance: (ms) => void (time += ms),
    onCall: (next) => void (fault = next),
    opens({ commits, ...pull }) {
      let head = self.head(pull.onto, pull.repo);
      for (const { files, message = `${pull.name}\n`, author } of commits) {
        const about = { on: head, files, message, ...(author ? { author } : {}) };
        head = scratch(pull.repo).commit(about);
      }
      return self.opensAt({ ...pull, head });
    },
    async opensAt({ repo = repos[0] ?? '', onto, name, owner = 'ada', head }) {
      number += 1;
      scratch(repo).branch(`pull/${number}`, head);
      const own = scratch(repo).git('rev-list', '--count', `refs/heads/${onto}..${head}`);
      const facts = {
        repositoryId: ids.repos[repo] ?? 0,
        number,
        title: `Change ${name}`,
        body: 'Because.',
        closed: false,
        draft: false,
        head,
        headLabel: `${owner}:${name}`,
        base: onto,
        author: { id: '2', login: 'ada' },
        commitCount: Number(own),
        createdAt: self.now(),
        updatedAt: self.now(),
      };
      await db.transaction((tx) => recordPullRequest(tx, facts, self.now()));
      return db.manager.findOneByOrFail(PullRequest, { repositoryId: facts.repositoryId, number });
    },
    async lands(...news) {
      const pulls: PullRequest[] = [];
      for (const one of news) {
        const pull = 'onto' in one ? await self.opens(one) : one;
        const repo = 'onto' in one ? one.repo : undefined;
        pulls.push(await landCopies(self, pull, repo ?? repos[0] ?? ''));
      }
      const batchId = pulls[0]?.batchId ?? 0;
      await db.transaction(async (tx) => {
        await tx.update(Batch, batchId, { mergedAt: self.now() });
        await tx.insert(ForwardportJob, { batchId, kind: 'merge', queuedAt: self.now() });
        await refreshBatches(tx, [batchId], { now: self.now() });
      });
      return Promise.all(pulls.map((pull) => self.reread(pull)));
    },
    async landsPort(port) {
      const landed = await landCopies(self, port, repos[0] ?? '');
      await db.transaction(async (tx) => {
        await tx.update(Batch, landed.batchId, { mergedAt: self.now() });
        await refreshBatches(tx, [landed.batchId], { now: self.now() });
      });
    },
    async ci(pull, state) {
      const { repositoryId, head: sha } = await self.reread(pull);
      await db.transaction(async (tx) => {
        await tx.delete(CommitStatus, { repositoryId, sha });
        const status = {
          context: 'ci/test',
          kind: 'status' as const,
          url: null,
          description: null,
        };
        await tx.insert(CommitStatus, { repositoryId, sha, ...status, state, at: self.now() });
        await refreshBatches(tx, [pull.batchId], { now: self.now() });
      });
    },
    async hears(pull, news) {
      const known = await self.reread(pull);
      time += 1000;
      const author = { id: '2', login: 'ada' };
      const facts = {
        ...pick(known),
        author,
        createdAt: known.openedAt,
        updatedAt: self.now(),
        ...news,
      };
      await db.transaction((tx) => recordPullRequest(tx, facts, self.now()));
    },
    async hearsOf(pull) {
      const facts = factsOf(ids.repos[repos[0] ?? ''] ?? 0, { ...pull, commitCount: 1 });
      await db.transaction((tx) => recordPullRequest(tx, facts, self.now()));
    },
    async settle() {
      for (let round = 0; (await runner.runDue()) > 0; round += 1) {
        if (round > 50) throw new Error(`the crons never come to rest: ${warnings.join('')}`);
      }
    },
    async ports(source) {
      const ports = await db.manager.find(PullRequest, {
        where: { sourceId: source.id },
        order: { id: 'asc' },
      });
      return Object.fromEntries(ports.map((port) => [port.base, port]));
    },
    reread: (pull) => db.manager.findOneByOrFail(PullRequest, { id: pull.id }),
    said: (pull) => comments(db, pull, 'forwardport'),
    saidByAll: async (pull) => [
      ...(await comments(db, pull, 'main')),
      ...(await comments(db, pull, 'forwardport')),
    ],
    async labels({ repositoryId, number: at }) {
      const rows = await db.manager.find(LabelChange, {
        where: { repositoryId, number: at },
        order: { id: 'asc' },
      });
      const set = new Set<string>();
      for (const { add, remove } of rows) {
        add.forEach((one) => set.add(one));
        remove.forEach((one) => set.delete(one));
      }
      return [...set].sort();
    },
    async switch(cron, active) {
      await db.query('update cron set active = $2 where name = $1', [cron, active]);
    },
    async addBranch(name, sequence, from) {
      for (const repo of repos) scratch(repo).branch(name, self.head(from, repo));
      await db.query('update branch set sequence = sequence + 1 where sequence >= $1', [sequence]);
      await db.manager.insert(Branch, { projectId: ids.project, name, sequence });
      return db.manager.findOneByOrFail(Branch, { name });
    },
    head: (branch, repo) => scratch(repo).git('rev-parse', `refs/heads/${branch}`) as Sha,
    files: (branch, repo) => filesAt(scratch(repo), branch),
    log: (branch, from, repo) =>
      scratch(repo)
        .git('log', '--reverse', '-z', '--format=%B', `${from}..${branch}`)
        .split('\0')
        .map((one) => one.trim())
        .filter(Boolean),
    async [Symbol.asyncDispose]() {
      const broken = await brokenPromises(self, repos);
      await runner.stop();
      await db.destroy();
      for (const one of scratches.values()) await one[Symbol.asyncDispose]();
      await database.drop();
      if (broken.length > 0) throw new Error(`promises are broken (I-35):\n${broken.join('\n')}`);
    },
  };
  return self;
}

/** Asked at the end of every story, when everything that can be done is done. */
async function brokenPromises(world: PortWorld, repos: readonly string[]): Promise<string[]> {
  world.onCall(() => undefined);
  await world.switch('forwardport', true);
  await world.settle();
  const found = await holes(world);
  for (const repo of repos) found.push(...(await strangers(world, repo)));
  return found;
}

async function comments(
  db: World['db'],
  { repositoryId, number }: PullRequest,
  account: 'main' | 'forwardport',
): Promise<string[]> {
  const where = { repositoryId, number, account, kind: 'comment' as const };
  const rows = await db.manager.find(Feedback, { where, order: { id: 'asc' } });
  return rows.map((row) => row.payload.text ?? '');
}

function missing(repo: string): never {
  throw new Error(`no repository ${repo} in this world`);
}

function pick(pull: PullRequest) {
  const { repositoryId, number, title, body, closed, draft, head, headLabel, base, commitCount } =
    pull;
  return { repositoryId, number, title, body, closed, draft, head, headLabel, base, commitCount };
}

function filesAt(scratch: Scratch, branch: string): Record<string, string> {
  const names = scratch.git('ls-tree', '-r', '--name-only', `refs/heads/${branch}`).split('\n');
  return Object.fromEntries(
    names.map((name) => [name, scratch.git('show', `refs/heads/${branch}:${name}`)]),
  );
}
