import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CRONS } from '../../../src/crons/table.ts';
import { CRON_NAMES } from '../../../src/triggers/names.ts';
import { DEADLINES, TRIGGERS } from '../../../src/triggers/table.ts';
import { renderCrons } from '../../../tools/document-crons.ts';

const written = readFileSync(new URL('../../../docs/CRONS.md', import.meta.url), 'utf8');

describe('docs/CRONS.md', () => {
  it('is what the two tables print', () => {
    expect(written).toBe(renderCrons());
  });

  it('has every cron with what it does, and every reason to wake one', () => {
    for (const name of CRON_NAMES)
      expect(written).toContain(`| \`${name}\` | ${CRONS[name].does} |`);
    for (const { wakes, because } of [...TRIGGERS, ...DEADLINES]) {
      expect(written).toContain(`| \`${wakes}\` | ${because} |`);
    }
  });

  it('names no cron that is not there', () => {
    const named = [...written.matchAll(/\(\[([\w-]+)\]\)/g)].map(([, name]) => name);

    expect(new Set(named)).toEqual(new Set(CRON_NAMES));
  });
});
