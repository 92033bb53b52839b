import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Story } from '../story.ts';

/** A git whose resources somebody takes away, by the limits every user may set for himself. */
export interface NarrowGit {
  /** For `git.program`. */
  readonly program: string;
  narrow(): void;
  widen(): void;
}

/**
 * @param limit as the shell says it: `ulimit -f 8` lets no file grow over 4 KiB, which fails in git's own writes as a full
 *   disk does (with the signal ignored); `ulimit -v 20000` leaves it 20 MB of addresses.
 */
export function narrowGit(folder: string, limit: string): NarrowGit {
  const [program, flag] = [join(folder, 'narrow-git'), join(folder, 'git-is-narrow')];
  const real = execFileSync('/bin/sh', ['-c', 'command -v git']).toString().trim();
  const script = `#!/bin/sh\nif [ -e '${flag}' ]; then trap '' XFSZ; ${limit}; fi\nexec ${real} "$@"\n`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  return { program, narrow: () => writeFileSync(flag, ''), widen: () => rmSync(flag) };
}

/** Lets time pass until what failed is tried again and staged, and CI is content with it. */
export async function landInTime(story: Story): Promise<void> {
  const app = story.repository();
  for (let i = 0; i < 12 && (await app.head('staging.master')) === null; i += 1)
    await story.pass(900_000);
  await app.branch('staging.master').passes();
  await story.settle();
}
