import { execFileSync } from 'node:child_process';
import { it } from '@jest/globals';

function isInstalled(): boolean {
  try {
    execFileSync('gh', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A test that needs gh: skipped, and reported so, where it is not installed. Its name says why. */
export const withGh = isInstalled() ? it : it.skip;
