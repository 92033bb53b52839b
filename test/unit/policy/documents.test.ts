import { describe, expect, it } from '@jest/globals';
import { listFiles, read } from './sources.ts';

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
}

describe('CONTRIBUTING', () => {
  const contributing = read('CONTRIBUTING.md');

  it('explains every tool', () => {
    const tools = listFiles(['tools'], /\.(?:ts|mjs)$/);
    expect(tools.filter((path) => !contributing.includes(`\`${path}\``))).toEqual([]);
  });

  it('speaks of no tool that is not there', () => {
    const named = [...contributing.matchAll(/`(tools\/[\w.-]+)`/g)].map(([, path]) => path);
    expect(named).not.toEqual([]);
    expect(named.filter((path) => !listFiles(['tools'], /./).includes(path ?? ''))).toEqual([]);
  });

  it('names only commands that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as Manifest;
    const named = [...contributing.matchAll(/`npm run ([\w:]+)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('keeps each checklist under eight lines, with a test at its end', () => {
    const lists = contributing
      .split(/^### /m)
      .slice(1)
      .map((part) => part.split(/^## /m)[0] ?? '');
    expect(lists.length).toBeGreaterThanOrEqual(5);
    for (const list of lists) {
      const steps = list.split('\n').filter((line) => /^\d\. /.test(line));
      expect(steps.length).toBeGreaterThan(0);
      expect(list.trim().split('\n').length).toBeLessThan(9);
      expect(steps.at(-1)).toMatch(/test/i);
    }
  });
});
