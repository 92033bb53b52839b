import { forbidden, notFound } from '../errors.ts';
import {
  caller,
  DONE,
  needText,
  numberParam,
  ok,
  repositoryOf,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route, type Route } from '../http/router.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import type { Reaction, Repository, User } from '../state/types.ts';
import { reactionRoutes } from './reactions.ts';

/** What comments of every kind have. */
interface Owned {
  readonly repositoryId: number;
  readonly authorId: number;
  reactions: Reaction[];
}

/** A kind of comment that has an address of its own: where, under which names, and what is done with one. */
interface CommentKind<T extends Owned> {
  readonly at: string;
  readonly operations: { readonly get: string; readonly update: string; readonly delete: string };
  /** As the operations of reactions call it. */
  readonly kind: string;
  /** As errors call it. */
  readonly resource: string;
  readonly all: (call: Call) => ReadonlyMap<number, T>;
  readonly json: (call: Call, repository: Repository, comment: T) => unknown;
  readonly edit: (call: Call, place: Place<T>, body: string) => void;
  readonly remove: (call: Call, place: Place<T>) => void;
}

/** A comment, where it is, and who changes it. */
export interface Place<T> {
  readonly repository: Repository;
  readonly comment: T;
  readonly by: User;
}

/** Reading, editing, deleting and reacting to single comments of a kind. Author and writers may change one. */
export function commentRoutes<T extends Owned>(kind: CommentKind<T>): Route[] {
  const at = `${kind.at}/{comment_id}`;
  const find = (call: Call): { repository: Repository; comment: T } => {
    const repository = repositoryOf(call);
    const comment = kind.all(call).get(numberParam(call, 'comment_id'));
    if (comment?.repositoryId !== repository.id) throw notFound();
    return { repository, comment };
  };
  const mine = (call: Call): Place<T> => {
    const { repository, comment } = find(call);
    const by = caller(call);
    if (by.id !== comment.authorId && !includes(permissionOf(call.state, repository, by), 'write'))
      throw forbidden();
    return { repository, comment, by };
  };
  const show = (call: Call): Reply => {
    const { repository, comment } = find(call);
    return ok(kind.json(call, repository, comment));
  };
  return [
    route('GET', at, kind.operations.get, show),
    route('PATCH', at, kind.operations.update, (call) => {
      kind.edit(call, mine(call), needText(call, 'body', kind.resource));
      return show(call);
    }),
    route('DELETE', at, kind.operations.delete, (call) => {
      kind.remove(call, mine(call));
      return DONE;
    }),
    ...reactionRoutes(at, kind.kind, (call) => find(call).comment),
  ];
}
