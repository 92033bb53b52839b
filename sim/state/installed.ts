import type { Installation, Repository } from './types.ts';

/** Whether an installation reaches a repository: its account, and the repositories chosen there. */
export function reaches(installation: Installation, repository: Repository): boolean {
  const { accountId, repositoryIds } = installation;
  if (accountId !== null && accountId !== repository.ownerId) return false;
  return repositoryIds === null || repositoryIds.has(repository.id);
}
