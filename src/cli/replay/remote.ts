import type { PersonsGit } from './git.ts';

/**
 * Finds what to call a repository of GitHub's in this clone: the name of a remote that leads there, however it is written
 * (https, ssh, with a user), else the address the server gave. A name keeps the person's credentials out of what is printed.
 */
export async function remoteFor(
  git: PersonsGit,
  { repository, url }: { readonly repository: string; readonly url: string },
): Promise<string> {
  const { stdout } = await git.attempt(['config', '-z', '--get-regexp', '^remote\\..*\\.url$']);
  const names = stdout.split('\0').flatMap((entry) => {
    const [key = '', address = ''] = entry.split('\n');
    return leadsTo(address, repository) ? [key.slice('remote.'.length, -'.url'.length)] : [];
  });
  return names.find((name) => name === 'origin') ?? names[0] ?? url;
}

function leadsTo(address: string, repository: string): boolean {
  const plain = address
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  const wanted = repository.toLowerCase();
  return plain.endsWith(`/${wanted}`) || plain.endsWith(`:${wanted}`);
}
