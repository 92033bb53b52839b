import { addReaction } from '../acts/issues.ts';
import { notFound } from '../errors.ts';
import { caller, DONE, needText, numberParam, paged, type Call } from '../http/call.ts';
import { route } from '../http/router.ts';
import { reactionJson } from '../json/issue.ts';
import type { Reaction } from '../state/types.ts';

/** Reaction routes of one kind of thing. */
export function reactionRoutes(
  at: string,
  kind: string,
  find: (call: Call) => { reactions: Reaction[] },
) {
  return [
    route('GET', `${at}/reactions`, `reactions/list-for-${kind}`, (call) => {
      const wanted = call.query.get('content');
      const found = find(call).reactions.filter((one) => wanted === null || one.content === wanted);
      return paged(
        call,
        found.map((one) => reactionJson(call, one)),
      );
    }),
    route('POST', `${at}/reactions`, `reactions/create-for-${kind}`, (call) => {
      const by = caller(call);
      const made = addReaction(call.sim, find(call).reactions, {
        content: needText(call, 'content', 'Reaction'),
        by,
      });
      return { status: made.isNew ? 201 : 200, body: reactionJson(call, made.reaction) };
    }),
    route(
      'DELETE',
      `${at}/reactions/{reaction_id}`,
      `reactions/delete-for-${kind === 'pull-request-review-comment' ? 'pull-request-comment' : kind}`,
      (call) => {
        const thing = find(call);
        const id = numberParam(call, 'reaction_id');
        if (!thing.reactions.some((one) => one.id === id && one.userId === caller(call).id))
          throw notFound();
        thing.reactions = thing.reactions.filter((one) => one.id !== id);
        return DONE;
      },
    ),
  ];
}
