import { createRepository } from '../../acts/repositories.ts';
import { fields, graphError, textArg } from '../context.ts';
import { repositoryNode, type UserNode } from '../nodes.ts';
import { mutation, need, unprocessable } from './mutate.ts';

/** Making repositories. */
export const repositoryMutations = fields<unknown>({
  createRepository: mutation(async (input, context) => {
    const { ownerId, visibility, hasIssuesEnabled, hasWikiEnabled } = input;
    const by = context.user;
    const owner =
      ownerId == null
        ? by
        : (await need<UserNode>(context, ownerId, ['User', 'Organization'])).user;
    const role = context.state.members.get(owner.id)?.get(by.id);
    if (owner.id !== by.id && role === undefined && !by.siteAdmin)
      throw graphError('FORBIDDEN', `${by.login} cannot create a repository for ${owner.login}.`);
    if (visibility === 'INTERNAL')
      throw unprocessable('Only enterprises have internal repositories');
    const repository = createRepository(context.sim, {
      name: textArg(input, 'name') ?? '',
      owner,
      by,
      description: textArg(input, 'description'),
      settings: {
        private: visibility === 'PRIVATE',
        hasIssues: hasIssuesEnabled !== false,
        hasWiki: hasWikiEnabled === true,
      },
    });
    return { repository: repositoryNode(repository) };
  }),
});
