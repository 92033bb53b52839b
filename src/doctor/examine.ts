import type { Config, ProjectConfig } from '../lib/config.ts';
import { oneLine } from '../lib/errors.ts';
import { matchesWhole } from '../lib/pattern.ts';
import type { GitHub } from '../github/gateway.ts';
import { judgeHooks } from './hooks.ts';
import { judgeContexts, judgePeople, judgeRepository, judgeToken } from './judge.ts';
import type { Finding } from './judge.ts';

/** What is examined, and with what. Nothing is changed, here or at GitHub. */
export interface Examination {
  readonly config: Pick<Config, 'projects' | 'server'>;
  readonly github: (project: string) => GitHub;
  /** Says which git it is. @throws when it is missing or too old. */
  readonly gitVersion: () => Promise<string>;
  /** @throws when the database does not answer. */
  readonly askDatabase: () => Promise<unknown>;
}

/** Checks what the bot needs: git, database, tokens, rights, webhooks, branches, statuses (contract 5). */
export async function examine(examination: Examination): Promise<Finding[]> {
  const { config, gitVersion, askDatabase } = examination;
  const findings = [
    await attempt('git', async () => [
      { ok: true, subject: 'git', detail: `version ${await gitVersion()}` },
    ]),
    await attempt('database', async () => {
      await askDatabase();
      return [{ ok: true, subject: 'database', detail: 'answers' }];
    }),
  ].flat();
  for (const project of config.projects)
    findings.push(...(await examineProject(examination, project)));
  return findings;
}

/** A check that cannot be made is a finding too. */
async function attempt(subject: string, work: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await work();
  } catch (error) {
    return [{ ok: false, subject, detail: oneLine(error) }];
  }
}

async function examineProject(
  { config, github }: Examination,
  project: ProjectConfig,
): Promise<Finding[]> {
  const api = github(project.name);
  const token = await attempt(`${project.name}: token`, async () => [
    judgeToken(project.name, await api.viewer(), await api.rateLimit()),
  ]);
  if (token.some(({ ok }) => !ok)) return token; // everything else would say the same
  const repositories: Finding[][] = [];
  for (const repository of project.repositories)
    repositories.push(
      await attempt(repository.name, () =>
        examineRepository(api, { project, repository, url: config.server.url }),
      ),
    );
  const people = await attempt(`${project.name}: people`, () => examinePeople(api, project));
  return [...token, ...people, ...repositories.flat()];
}

/** Nothing where the file lists nobody by login alone. */
async function examinePeople(api: GitHub, { name, people }: ProjectConfig): Promise<Finding[]> {
  const asked = people.filter(({ id }) => id === undefined);
  const unknown: string[] = [];
  for (const { login } of asked) if ('kind' in (await api.user(login))) unknown.push(login);
  return asked.length === 0 ? [] : [judgePeople(name, unknown)];
}

interface RepositorySubject {
  readonly project: ProjectConfig;
  readonly repository: ProjectConfig['repositories'][number];
  /** Where GitHub reaches the bot. */
  readonly url: string;
}

async function examineRepository(
  api: GitHub,
  { project, repository, url }: RepositorySubject,
): Promise<Finding[]> {
  const { name } = repository;
  const found = await api.repository(name);
  const findings = [judgeRepository(name, found)];
  if (found.kind !== 'repository') return findings; // there is nothing else to look at
  findings.push(
    ...(await attempt(`${name}: webhook`, async () => [
      judgeHooks(name, { hooks: await api.hooks(name), url }),
    ])),
  );
  for (const branch of project.branches.filter((one) => matchesWhole(repository.branches, one)))
    findings.push(
      ...(await attempt(`${name}: ${branch}`, async () => [
        await examineBranch(api, repository, branch),
      ])),
    );
  return findings;
}

async function examineBranch(
  api: GitHub,
  repository: RepositorySubject['repository'],
  branch: string,
): Promise<Finding> {
  const subject = `${repository.name}: ${branch}`;
  const found = await api.branch(repository.name, branch);
  if (found.kind === 'missing')
    return { ok: false, subject, detail: 'does not exist: create it, or narrow `branches`' };
  const wanted = repository.statuses
    .filter((status) => status.stagings && matchesWhole(status.branches, branch))
    .map((status) => status.context);
  return judgeContexts(subject, {
    isProtected: found.protected,
    wanted,
    heard: await api.statuses(repository.name, found.sha),
  });
}
