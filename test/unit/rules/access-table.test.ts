import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RIGHT_NAMES, ROLE_NAMES } from '../../../src/lib/config/rights.ts';
import {
  accessTable,
  changeBetween,
  DEFAULT_ACCESS,
  RIGHTS,
  ROLES,
} from '../../../src/rules/access-table.ts';
import { rightsAtGitHub } from '../../../src/rules/github-rights.ts';
import type { Permission, RightsSettings } from '../../../src/rules/github-rights.ts';
import { isObeyed } from '../../../src/rules/speaker.ts';

const someRoles = fc.subarray([...ROLES]);
const someChange = fc.record({
  command: fc.constantFrom(...RIGHTS.map((row) => row.name)),
  add: someRoles,
  remove: someRoles,
});

describe('the table of rights of a project', () => {
  it('is the default one where nothing is changed', () => {
    expect(accessTable([], [])).toEqual(DEFAULT_ACCESS);
  });

  it('gives what the file adds, takes what it removes, and lets admins have the last word', () => {
    const file = [{ command: 'priority', add: ['author' as const], remove: ['admin' as const] }];
    const local = [
      { command: 'priority', add: ['reviewer' as const], remove: ['author' as const] },
    ];
    expect(accessTable(file).priority).toEqual(['author']);
    expect(accessTable(file, local).priority).toEqual(['reviewer']);
    expect(accessTable(file, local).approve).toEqual(DEFAULT_ACCESS.approve);
  });

  it('takes no notice of commands that are not there', () => {
    const gone = [{ command: 'constructor', add: ['everybody' as const], remove: [] }];
    expect(accessTable(gone)).toEqual(DEFAULT_ACCESS);
  });

  it('never gives what the last layer removes, and always what it only adds', () => {
    fc.assert(
      fc.property(fc.array(someChange), someChange, (before, last) => {
        const roles = accessTable(before, [last])[last.command];
        expect(last.remove.filter((role) => roles.includes(role))).toEqual([]);
        const added = last.add.filter((role) => !last.remove.includes(role));
        expect(added.filter((role) => !roles.includes(role))).toEqual([]);
      }),
    );
  });

  it('becomes what somebody wants by the change between the two', () => {
    fc.assert(
      fc.property(fc.array(someChange), someRoles, (before, wanted) => {
        const roles = accessTable(before).approve;
        const change = { command: 'approve', ...changeBetween(roles, wanted) };
        expect([...accessTable(before, [change]).approve].sort()).toEqual([...wanted].sort());
      }),
    );
  });

  it('has the commands and roles that the configuration knows', () => {
    expect([...RIGHT_NAMES].sort()).toEqual(RIGHTS.map((row) => row.name).sort());
    expect([...ROLE_NAMES].sort()).toEqual([...ROLES].sort());
  });
});

describe('a permission at GitHub', () => {
  const settings: RightsSettings = {
    from: 'github',
    review: 'write',
    selfReview: 'admin',
    overrides: 'nobody',
    admin: 'admin',
  };

  it.each<[Permission | null, string[]]>([
    ['admin', ['account', 'review', 'selfReview', 'administrator']],
    ['write', ['account', 'review']],
    ['read', []],
    ['none', []],
    [null, []],
  ])('of %s gives the rights its level is enough for', (permission, expected) => {
    const rights = Object.entries(rightsAtGitHub(permission, settings));
    expect(rights.filter(([, has]) => has).map(([name]) => name)).toEqual(expected);
  });

  it('gives nothing where rights come from the list of people alone', () => {
    const rights = rightsAtGitHub('admin', { ...settings, from: 'people' });
    expect(Object.values(rights)).not.toContain(true);
  });
});

describe('who is obeyed', () => {
  const person = { id: 3, type: 'User', viaApp: null };
  const whom = { ownIds: ['9'], bots: [5, 9], apps: [70] };

  it.each([
    ['a person', person, true],
    ['the bot itself, even when it is listed (I-17)', { ...person, id: 9 }, false],
    ['a bot', { ...person, type: 'Bot' }, false],
    ['a bot that is listed', { id: 5, type: 'Bot', viaApp: null }, true],
    ['an App in a person’s name (B-059)', { ...person, viaApp: 71 }, false],
    ['an App that is listed, in a person’s name', { ...person, viaApp: 70 }, true],
  ])('%s', (_who, speaker, expected) => {
    expect(isObeyed(speaker, whom)).toBe(expected);
  });
});
