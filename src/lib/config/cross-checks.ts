import { findPatternFault, matchesWhole } from '../pattern.ts';
import type { Path } from './document.ts';
import { NEEDS_ONE_PROOF } from './project.ts';
import type { ConfigRules } from './rules.ts';

/** Something wrong between two places of the file. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
}

/**
 * What no single field can tell: duplicates, and names that nothing bears (reliability B-108). Works on the
 * file as written and steps over whatever has the wrong shape, so that all problems come out together.
 */
export function findContradictions(file: unknown, rules: ConfigRules): Finding[] {
  const projects = listAt(file, 'projects');
  return [
    ...duplicates(projects, ['projects'], 'name'),
    ...repositoriesOfSeveral(projects),
    ...projects.flatMap((project, i) => inProject(project, ['projects', i], rules)),
  ];
}

function inProject(project: unknown, at: Path, rules: ConfigRules): Finding[] {
  const repositories = listAt(project, 'repositories');
  const proofs = ['token', 'app'].filter((key) => valueAt(project, key) !== undefined);
  return [
    ...(proofs.length === 1 || !isRecord(project) ? [] : [{ path: at, message: NEEDS_ONE_PROOF }]),
    ...repeated(listAt(project, 'branches'), [...at, 'branches']),
    ...duplicates(listAt(project, 'people'), [...at, 'people'], 'login'),
    ...unknownRepositories(project, at),
    ...repositories.flatMap((repository, i) => [
      ...badSubstitutions(repository, [...at, 'repositories', i, 'substitutions'], rules),
      ...inRepository(repository, {
        at: [...at, 'repositories', i],
        branches: listAt(project, 'branches').filter(isText),
      }),
    ]),
  ];
}

function inRepository(repository: unknown, how: { at: Path; branches: string[] }): Finding[] {
  const { at, branches } = how;
  const here = branches.filter((branch) => selects(valueAt(repository, 'branches'), branch));
  const statuses = listAt(repository, 'statuses');
  const keys = statuses.map((s) => `${text(s, 'context')} on ${text(s, 'branches')}`);
  if (branches.length > 0 && here.length === 0) {
    return [{ path: [...at, 'branches'], message: 'matches no branch of the project' }];
  }
  return [
    ...repeated(keys, [...at, 'statuses']),
    ...statuses.flatMap((status, i) =>
      here.length === 0 || here.some((branch) => selects(valueAt(status, 'branches'), branch))
        ? []
        : [
            {
              path: [...at, 'statuses', i, 'branches'],
              message: 'matches no branch of the repository',
            },
          ],
    ),
  ];
}

function badSubstitutions(repository: unknown, at: Path, rules: ConfigRules): Finding[] {
  return listAt(repository, 'substitutions').flatMap((line, i) => {
    if (!isText(line)) return [];
    const read = rules.readSubstitution(line);
    const fault =
      read.kind === 'invalid' ? read.reason : findPatternFault(read.substitution.pattern);
    return fault === undefined ? [] : [{ path: [...at, i], message: fault }];
  });
}

/** A pattern that is broken is reported where it stands; here it counts as matching. */
function selects(pattern: unknown, branch: string): boolean {
  if (!isText(pattern)) return true;
  return findPatternFault(pattern) !== undefined || matchesWhole(pattern, branch);
}

/** One repository in two projects would be staged twice. GitHub's names ignore case. */
function repositoriesOfSeveral(projects: readonly unknown[]): Finding[] {
  const all = projects.flatMap((project, i) =>
    listAt(project, 'repositories').map((repository, j) => ({
      ...{ path: ['projects', i, 'repositories', j, 'name'], name: text(repository, 'name') },
    })),
  );
  return secondOnes(all);
}

function unknownRepositories(project: unknown, at: Path): Finding[] {
  const known = new Set(listAt(project, 'repositories').map((r) => text(r, 'name').toLowerCase()));
  return listAt(project, 'people').flatMap((person, i) =>
    ['review', 'self_review'].flatMap((right) =>
      listAt(person, right).flatMap((name, j) =>
        !isText(name) || known.has(name.toLowerCase())
          ? []
          : [
              {
                path: [...at, 'people', i, right, j],
                message: `${name} is no repository of the project`,
              },
            ],
      ),
    ),
  );
}

function duplicates(list: readonly unknown[], at: Path, key: string): Finding[] {
  return secondOnes(list.map((item, i) => ({ path: [...at, i, key], name: text(item, key) })));
}

function repeated(list: readonly unknown[], at: Path): Finding[] {
  return secondOnes(list.map((item, i) => ({ path: [...at, i], name: isText(item) ? item : '' })));
}

function secondOnes(entries: readonly { path: Path; name: string }[]): Finding[] {
  const seen = new Set<string>();
  return entries.flatMap(({ path, name }) => {
    const key = name.toLowerCase();
    const isSecond = key !== '' && seen.has(key);
    seen.add(key);
    return isSecond ? [{ path, message: `${name} is there twice` }] : [];
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = valueAt(value, key);
  return Array.isArray(list) ? (list as unknown[]) : [];
}

function text(value: unknown, key: string): string {
  const found = valueAt(value, key);
  return isText(found) ? found : '';
}
