import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../../src/lib/config.ts';
import { parseSubstitution } from '../../../src/rules/substitutions.ts';
import { CRON_NAMES } from '../../../src/triggers/names.ts';
import { listFiles, read, ROOT } from './sources.ts';

describe('a file of changes/', () => {
  const files = listFiles(['changes'], /\.md$/).filter((path) => path !== 'changes/README.md');

  it('begins with the word that says what kind it is, and is one paragraph', () => {
    for (const path of files) {
      expect(read(path)).toMatch(/^(?:ADD|IMP|FIX|CHG) \S/);
      expect(read(path).trim()).not.toContain('\n\n');
    }
  });
});

describe('the README', () => {
  it('shows a configuration that is accepted', () => {
    const text = /^```yaml\n(.*?)^```/ms.exec(read('README.md'))?.[1] ?? '';
    const env = { STAGECOACH_TOKEN: 'a-token', STAGECOACH_WEBHOOK_SECRET: 'x'.repeat(32) };
    const rules = { cronNames: CRON_NAMES, readSubstitution: parseSubstitution };

    expect(parseConfig(text, { rules, folder: ROOT, env })).toMatchObject({ kind: 'config' });
  });
});

describe('the documents', () => {
  const documents = [
    ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'bench/README.md'],
    ...listFiles(['docs', 'changes'], /\.md$/),
  ];

  it('link only to files that are there', () => {
    const broken = documents.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, link = '']) => new URL(link, `file:///${path}`).pathname.slice(1))
        .filter((target) => !existsSync(join(ROOT, target)))
        .map((target) => `${path}: ${target}`),
    );

    expect(broken).toEqual([]);
  });
});
