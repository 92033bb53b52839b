import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { oneLine } from '../lib/errors.ts';

/** Three pipes, both ends of each, the pipe by which a failed start is told, and something to spare. */
const NEEDED = 12;

/**
 * Looks whether a child can be given its pipes (0.1 ms, where starting it takes 10). Where Node has no file descriptors for
 * them, it tells by an event which nobody can listen to yet, and that ends the process (reliability.md F-114; Node 20.20).
 *
 * @returns what is wrong, or null.
 */
export function shortageOfFiles(): string | null {
  const taken: number[] = [];
  try {
    while (taken.length < NEEDED) taken.push(openSync(devNull, 'r'));
    return null;
  } catch (error) {
    return oneLine(error);
  } finally {
    for (const fd of taken) closeSync(fd);
  }
}
