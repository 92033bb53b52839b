import type { Fields } from './context.ts';
import { branchMutations } from './mutations/branches.ts';
import { discussionMutations } from './mutations/discussion.ts';
import { issueMutations } from './mutations/issues.ts';
import { pullMutations } from './mutations/pulls.ts';
import { repositoryMutations } from './mutations/repositories.ts';

/** Every mutation the simulator knows. */
export const mutations: Fields = {
  ...issueMutations,
  ...discussionMutations,
  ...pullMutations,
  ...branchMutations,
  ...repositoryMutations,
};
