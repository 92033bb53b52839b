import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './git.ts';
import type { DemoWorld } from './types.ts';

/** The file that two branches have changed differently: a change to its greeting conflicts on 18.0. */
export const GREETING = 'src/greeting.txt';
const THANKS = 'src/thanks.txt';

/** What the greeting says on a branch. */
export function greeting(line: string): string {
  return ['Dear reader,', '', line, '', 'Yours, the web team', ''].join('\n');
}

/** Makes the second repository, by git and a push, as anybody would. */
export async function createWebRepository(
  { as, remote }: Pick<DemoWorld, 'as' | 'remote'>,
  folder: string,
): Promise<void> {
  await as('root', 'POST', '/orgs/acme/repos', { name: 'web' });
  const work = join(folder, 'web');
  await mkdir(join(work, 'src'), { recursive: true });
  await git(work, ['init', '-q', '-b', '17.0']);
  await commit(work, 'Begin the web client', {
    'README.md': '# web\n',
    [GREETING]: greeting('Hello.'),
    [THANKS]: 'Thank you.\n',
  });
  await git(work, ['checkout', '-q', '-b', '18.0']);
  await commit(work, 'Greet by the time of day', { [GREETING]: greeting('Good morning.') });
  await git(work, ['checkout', '-q', '-b', 'master']);
  await commit(work, 'Begin the next version', { 'src/next.txt': 'next\n' });
  await git(work, ['push', '-q', remote('root', 'acme/web'), '17.0', '18.0', 'master']);
}

/** Writes files into a working copy and commits them. */
export async function commit(
  work: string,
  message: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) await writeFile(join(work, path), text);
  await git(work, ['add', '-A']);
  await git(work, ['commit', '-q', '-m', message]);
}
