import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { restRoutes } from '../../sim/rest/routes.ts';
import { GitHub } from './support/github.ts';
import { publishedOperations } from './support/schemas.ts';
import { tour } from './support/tour.ts';

describe('the list of deviations in sim/README.md', () => {
  it('is exactly what the validation finds', async () => {
    const readme = readFileSync(join(import.meta.dirname, '../../sim/README.md'), 'utf8');
    const part = readme.split('## Deviations')[1] ?? '';
    const listed = [...part.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1]);
    const github = await GitHub.start();
    try {
      await tour(github);
      await github.idle();
      const found = new Set(github.deviations.map((one) => one.operation));
      expect([...found].sort()).toEqual(listed.sort());
    } finally {
      await github[Symbol.asyncDispose]().catch(() => undefined);
    }
  });

  it('leaves no operation without a published description', () => {
    const published = new Set(publishedOperations);
    const own = restRoutes.filter((one) => !published.has(one.operation));
    expect(own.map((one) => `${one.method} ${one.pattern}`)).toEqual([]);
  });
});
