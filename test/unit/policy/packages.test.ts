import { describe, expect, it } from '@jest/globals';
import { read } from './sources.ts';

interface Package {
  readonly engines?: { readonly node?: string };
}

/** The oldest Node that is promised, as `[major, minor]`: `engines` in package.json. */
const [MAJOR = 0, MINOR = 0] = versionOf(
  (JSON.parse(read('package.json')) as Required<Package>).engines.node ?? '',
);

function versionOf(text: string): number[] {
  return text.replace(/^\D+/, '').split('.').map(Number);
}

/** Whether a range of npm's takes the oldest Node: some part of it begins at or below it and reaches it. */
function takesOldest(range: string): boolean {
  return range.split('||').some((part) => {
    const [major = 0, minor = 0] = versionOf(part.trim());
    const isBelow = major < MAJOR || (major === MAJOR && !(minor > MINOR));
    return part.includes('>=') ? isBelow : isBelow && major === MAJOR;
  });
}

describe('the packages', () => {
  it('all work with the oldest Node that is promised, so that npm warns of none', () => {
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Package> };
    const tooNew = Object.entries(lock.packages)
      .map(([path, { engines }]) => ({ path, range: engines?.node }))
      .filter(({ range }) => range !== undefined && !takesOldest(range));

    expect(tooNew).toEqual([]);
  });
});
