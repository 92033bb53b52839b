import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { INPUTS, tally } from '../../conftest/faults/effort.ts';
import { parseConfig } from '../../../src/lib/config.ts';
import { parseSubstitution } from '../../../src/rules/substitutions.ts';

const rules = { cronNames: ['staging', 'merge'], readSubstitution: parseSubstitution };

const project = {
  name: 'acme',
  bot: 'stagecoach',
  token: 'tok',
  webhook_secret: 'a-secret-of-some-length',
  branches: ['17.0', 'master'],
  repositories: [{ name: 'acme/app' }],
};

function problems(text: string): string {
  const result = parseConfig(text, { rules, folder: '/', env: {} });
  return result.kind === 'config'
    ? 'accepted'
    : result.problems.map(({ path, message }) => `${path}: ${message}`).join('\n');
}

const withProject = (change: object): string =>
  problems(JSON.stringify({ projects: [{ ...project, ...change }] }));

describe('a configuration', () => {
  it('is accepted as the other tests of this file begin', () => {
    expect(withProject({})).toBe('accepted');
  });

  it.each<[string, object, string]>([
    [
      'B-107 a pattern that is none',
      { repositories: [{ name: 'acme/app', branches: '(a' }] },
      'repositories[0].branches',
    ],
    [
      'B-107 a pattern with a look-ahead',
      { repositories: [{ name: 'acme/app', branches: '(?=a)' }] },
      'repositories[0].branches',
    ],
    [
      'B-107 a pattern that looks back',
      { repositories: [{ name: 'acme/app', branches: '(a)\\1' }] },
      'repositories[0].branches',
    ],
    [
      'B-107 a pattern of 10 kB',
      { repositories: [{ name: 'acme/app', branches: 'a'.repeat(10_240) }] },
      'repositories[0].branches',
    ],
    [
      'B-108 a repository twice',
      { repositories: [{ name: 'acme/app' }, { name: 'ACME/app' }] },
      'repositories',
    ],
    ['B-108 a branch twice', { branches: ['17.0', '17.0'] }, 'branches'],
    [
      'B-108 a right in a repository that is none',
      { people: [{ login: 'r', review: ['a/b'] }] },
      'people',
    ],
    ['B-108 an empty list of people', { people: [] }, 'people'],
    ['B-108 a short secret', { webhook_secret: 'x'.repeat(19) }, 'webhook_secret'],
    ['B-108 a branch of the bot’s own', { branches: ['staging.x'] }, 'branches'],
    ['B-066 a branch git does not take', { branches: ['a..b'] }, 'branches'],
    ['B-022 a repository that climbs', { repositories: [{ name: 'acme/..' }] }, 'repositories'],
  ])('is refused with %s', (_name, change, path) => {
    expect(withProject(change)).toContain(`projects[0].${path}`);
  });

  it('B-107 may hold a pattern that costs others years: here it is linear', () => {
    const repositories = [{ name: 'acme/app', branches: '(a+)+$' }];
    expect(withProject({ repositories, branches: [`${'a'.repeat(150)}b`, 'aaa'] })).toBe(
      'accepted',
    );
  });

  it('B-105 is accepted or refused in words, whatever it is', () => {
    const valid = { server: { port: 1 }, projects: [project] };
    const paths = ['server', 'projects', 'crons', 'database', 'data_dir', 'github'] as const;
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ key: fc.constantFrom(...paths), value: fc.jsonValue() })
        .map(({ key, value }) => JSON.stringify({ ...valid, [key]: value })),
      fc
        .record({
          key: fc.constantFrom(...Object.keys(project), '__proto__'),
          value: fc.jsonValue(),
        })
        .map(({ key, value }) => JSON.stringify({ projects: [{ ...project, [key]: value }] })),
    );
    fc.assert(
      fc.property(anything, (text) => {
        expect(problems(text)).toMatch(/^accepted$|: ./);
      }),
      { numRuns: 300 * INPUTS, seed: 20260504 },
    );
    tally('inputs', 300 * INPUTS);
  });
});
