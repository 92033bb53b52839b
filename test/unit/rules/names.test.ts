import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isLinkingLabel,
  parsePortBranch,
  parseScratchBranch,
  portBranch,
  rehearsalBranch,
  splitLabel,
  stagingBranch,
} from '../../../src/rules/names.ts';
import { parseSubstitution, substituteLabel } from '../../../src/rules/substitutions.ts';
import { versionLabel } from '../../../src/rules/version-label.ts';

const branch = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,30}$/);

describe('branch names', () => {
  it('of scratch branches are read back', () => {
    fc.assert(
      fc.property(branch, (name) => {
        expect(parseScratchBranch(stagingBranch(name))).toEqual({ stage: 'staging', branch: name });
        expect(parseScratchBranch(rehearsalBranch(name))).toEqual({
          stage: 'rehearsal',
          branch: name,
        });
      }),
    );
    expect(parseScratchBranch('staging.')).toBeNull();
    expect(parseScratchBranch('master')).toBeNull();
  });

  it('of ports are as the contract has them', () => {
    expect(portBranch({ target: '18.0', sourceHeadBranch: 'my-fix', batchId: 12 })).toBe(
      '18.0-my-fix-12-fw',
    );
  });

  it('of ports are read back, given the target', () => {
    fc.assert(
      fc.property(branch, branch, fc.nat(), (target, sourceHeadBranch, batchId) => {
        const port = { target, sourceHeadBranch, batchId };
        expect(parsePortBranch(portBranch(port), target)).toEqual(port);
      }),
    );
    expect(parsePortBranch('18.0-x-fw', '18.0')).toBeNull();
    expect(parsePortBranch('18.0-x-1-fw', '17.0')).toBeNull();
  });

  it('of ports fit where git hosts store them', () => {
    const name = portBranch({
      target: 'master',
      sourceHeadBranch: 'ä'.repeat(200),
      batchId: 123456,
    });
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(240);
    expect(name).toMatch(/^master-ä+-123456-fw$/);
  });
});

describe('head labels', () => {
  it('have an owner and a branch', () => {
    expect(splitLabel('ann:feature/x')).toEqual({ owner: 'ann', branch: 'feature/x' });
    expect([splitLabel('x'), splitLabel(':x'), splitLabel('x:')]).toEqual([null, null, null]);
  });

  it('of GitHub’s web editor link nothing', () => {
    expect(['ann:patch-1', 'ann:patch-x', 'ann:my-patch-1'].map(isLinkingLabel)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('are rewritten in order', () => {
    const rules = ['/^ann-dev:/acme:/', '#-v(\\d)$#-w\\1#i'].map((line) => {
      const parsed = parseSubstitution(line);
      if (parsed.kind === 'invalid') throw new Error(parsed.reason);
      return parsed.substitution;
    });
    expect(rules[1]).toEqual({ pattern: '-v(\\d)$', replacement: '-w\\1', flags: 'i' });
    const replaced = substituteLabel(
      'ann-dev:x',
      rules,
      (text, rule) => `${text}|${rule.replacement}`,
    );
    expect(replaced).toBe('ann-dev:x|acme:|-w\\1');
  });

  it.each(['', '/a', 'aabaca', '//x/', '/a/b/x', '/a/b/g/h', ' a b '])(
    'cannot be rewritten by %j',
    (line) => {
      expect(parseSubstitution(line).kind).toBe('invalid');
    },
  );

  it('may be rewritten with the separator in the pattern', () => {
    expect(parseSubstitution('/a\\/b/c')).toEqual({
      kind: 'substitution',
      substitution: { pattern: 'a/b', replacement: 'c', flags: '' },
    });
  });
});

describe('the version label', () => {
  it.each([
    ['17.0', '17.1'],
    ['saas-17.2', '17.3'],
    ['bonk', 'post-bonk'],
    [null, null],
  ])('after branch %s is %s', (previous, label) => {
    expect(versionLabel(previous)).toBe(label);
  });
});
