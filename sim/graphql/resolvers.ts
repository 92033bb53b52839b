import type { Fields } from './context.ts';
import { accountTypes } from './types/accounts.ts';
import { checkTypes } from './types/checks.ts';
import { commitTypes } from './types/commits.ts';
import { discussionTypes } from './types/discussion.ts';
import { pullTypes } from './types/pulls.ts';
import { queryType } from './types/query.ts';
import { repositoryTypes } from './types/repository.ts';
import { mutations } from './mutations.ts';

/** Every field the simulator knows, by type. */
export const RESOLVERS: Readonly<Record<string, Fields>> = {
  Query: queryType,
  Mutation: mutations,
  ...accountTypes,
  ...repositoryTypes,
  ...pullTypes,
  ...discussionTypes,
  ...commitTypes,
  ...checkTypes,
};
