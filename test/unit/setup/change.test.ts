import { describe, expect, it } from '@jest/globals';
import { difference, formatChange } from '../../../src/setup/change.ts';

describe('a change by the configuration', () => {
  it('is printed with the settings that differ, however deep they lie', () => {
    const text = formatChange({
      action: 'change',
      object: 'project:acme',
      before: { bot: 'bot', settings: { staging: { batchLimit: 8, timeoutMs: 1 } } },
      after: { bot: 'hal', settings: { staging: { batchLimit: 4, timeoutMs: 1 } } },
    });

    expect(text).toBe('~ project:acme  bot "bot" -> "hal"  settings.staging.batchLimit 8 -> 4');
  });

  it('shows a setting that did not exist before', () => {
    const change = { action: 'change', object: 'project:acme' } as const;

    expect(formatChange({ ...change, before: {}, after: { settings: { at: '09:00' } } })).toBe(
      '~ project:acme  settings nothing -> {"at":"09:00"}',
    );
  });

  it('tells that what is no longer listed is kept', () => {
    const before = { active: true };
    const after = { active: false };

    expect(formatChange({ action: 'retire', object: 'branch:acme/16.0', before, after })).toBe(
      '- branch:acme/16.0 (kept, inactive)',
    );
  });

  it('is none where the row says what is wanted, whatever else it says', () => {
    expect(difference({ id: 1, list: ['a'] }, { list: ['a'] })).toBeNull();
    expect(difference({ id: 1, list: ['a'] }, { list: ['b'] })).toEqual({
      before: { list: ['a'] },
      after: { list: ['b'] },
    });
  });
});
