import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examine } from '../../src/doctor/examine.ts';
import { parseConfig } from '../../src/lib/config.ts';
import { parseSubstitution } from '../../src/rules/substitutions.ts';
import { GatewayWorld, tokenOf } from './gateway-world.ts';

const PROJECT = {
  ...{ name: 'acme', bot: 'stagecoach', token: 'tok', webhook_secret: 'a-secret-of-some-length' },
  branches: ['18.0', '19.0', 'master'],
  repositories: [{ name: 'acme/app', statuses: [{ context: 'ci/tset' }] }],
  people: [{ login: 'alice' }, { login: 'alcie' }, { login: 'carol', id: 7 }],
};
let world: GatewayWorld;

beforeAll(async () => {
  world = await GatewayWorld.start();
});
afterAll(() => world.close());

describe('doctor', () => {
  it('goes on after the first thing that is wrong, and names what only a person can tell', async () => {
    await world.control('POST', '/users', { login: 'reader', token: 'tok-reader' });
    await world.api('root', 'PUT', '/repos/acme/app/collaborators/reader', { permission: 'pull' });
    const rules = { cronNames: [], readSubstitution: parseSubstitution };
    const result = parseConfig(JSON.stringify({ projects: [PROJECT] }), { rules, folder: '/' });
    if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
    const findings = await examine({
      config: result.config,
      github: () => world.gateway(tokenOf('reader')),
      gitVersion: () => Promise.resolve('2.45'),
      askDatabase: () => Promise.resolve(),
    });
    const words = findings.map(({ ok, doubtful = false, subject, detail }) => {
      const word = doubtful ? 'LOOK' : 'ok';
      return `${ok ? word : 'BAD'} ${subject} ${detail}`;
    });
    const silent = 'exists; its head never heard of ci/tset: check the names of the contexts';
    expect(words.slice(2)).toEqual([
      'ok acme: token acts as reader',
      'LOOK acme: people nobody has the login alcie: check the spelling',
      'BAD acme/app the account may not push: give it write access',
      'ok acme/app: webhook cannot be listed by this account (that takes an admin)',
      `LOOK acme/app: 18.0 ${silent}`,
      'BAD acme/app: 19.0 does not exist: create it, or narrow `branches`',
      `LOOK acme/app: master ${silent}`,
    ]);
  });
});
