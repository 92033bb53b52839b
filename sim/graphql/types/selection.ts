import { labelByName } from '../../acts/repositories.ts';
import { isRecord } from '../../http/call.ts';
import { isPull, type PullIssue } from '../../state/state.ts';
import type { Issue, Label, Repository } from '../../state/types.ts';
import { graphError, textArg, textsArg, type Args, type Context } from '../context.ts';

/** The pull requests of a repository that the arguments of a connection ask for, in their order. */
export function pullsBy(one: Repository, args: Args): PullIssue[] {
  const states = textsArg(args, 'states');
  const [head, base] = [textArg(args, 'headRefName'), textArg(args, 'baseRefName')];
  const labels = labelIds(one, textsArg(args, 'labels'));
  const onlyOpen = states.length === 1 && states[0] === 'OPEN';
  const all = onlyOpen
    ? [...one.openPulls].map((number) => one.issues.get(number))
    : [...one.issues.values()];
  const list = all.filter((issue): issue is PullIssue => {
    if (!isPull(issue)) return false;
    const { pull } = issue;
    const state = pull.merged ? 'MERGED' : issue.state.toUpperCase();
    return (
      (states.length === 0 || states.includes(state)) &&
      (head === undefined || pull.headRef === head) &&
      (base === undefined || pull.baseRef === base) &&
      hasOneOf(issue, labels)
    );
  });
  return sorted(list, args);
}

/** The plain issues of a repository that the arguments of a connection ask for, in their order. */
export function issuesBy(context: Context, one: Repository, args: Args): Issue[] {
  const filter = isRecord(args['filterBy']) ? args['filterBy'] : {};
  const states = [...textsArg(args, 'states'), ...textsArg(filter, 'states')];
  const given = [...textsArg(args, 'labels'), ...textsArg(filter, 'labels')];
  const labels = labelIds(one, given);
  const [assignee, author] = [textArg(filter, 'assignee'), textArg(filter, 'createdBy')];
  const [mentioned, since] = [textArg(filter, 'mentioned'), textArg(filter, 'since')];
  const login = (id: number): string | undefined => context.state.users.get(id)?.login;
  const list = [...one.issues.values()].filter(
    (issue) =>
      !isPull(issue) &&
      (states.length === 0 || states.includes(issue.state.toUpperCase())) &&
      hasOneOf(issue, labels) &&
      (assignee === undefined || isAssigned(issue, assignee, login)) &&
      (author === undefined || login(issue.authorId) === author) &&
      (mentioned === undefined || mentions(issue, mentioned)) &&
      (since === undefined || Date.parse(issue.updatedAt) >= Date.parse(since)),
  );
  return sorted(list, args);
}

/** `*` stands for anybody. */
function isAssigned(issue: Issue, wanted: string, login: (id: number) => string | undefined) {
  return issue.assignees.some((id) => wanted === '*' || login(id) === wanted);
}

function mentions({ body }: Issue, login: string): boolean {
  const words: readonly string[] = (body ?? '').toLowerCase().match(/@[\w-]+/g) ?? [];
  return words.includes(`@${login.toLowerCase()}`);
}

function labelIds(one: Repository, names: readonly string[]): number[] {
  return names.map((name) => labelByName(one, name)?.id ?? -1);
}

function hasOneOf(issue: Issue, labels: readonly number[]): boolean {
  return labels.length === 0 || labels.some((id) => issue.labels.includes(id));
}

interface Order {
  readonly field: string;
  readonly sign: 1 | -1;
}

/** The order asked for. @throws GraphQLError for a field this list cannot be ordered by. */
function orderOf(args: Args, known: readonly string[]): Order | null {
  const order = args['orderBy'];
  if (!isRecord(order)) return null;
  const field = String(order['field']);
  if (!known.includes(field))
    throw graphError('NOT_IMPLEMENTED', `The simulator does not order by ${field} here.`);
  return { field, sign: order['direction'] === 'DESC' ? -1 : 1 };
}

function sorted<T extends Issue>(list: T[], args: Args): T[] {
  const order = orderOf(args, ['CREATED_AT', 'UPDATED_AT', 'COMMENTS']);
  if (!order) return list;
  const key = (one: T): number =>
    order.field === 'COMMENTS'
      ? one.commentIds.length
      : order.field === 'UPDATED_AT'
        ? Date.parse(one.updatedAt)
        : one.number;
  return [...list].sort((a, b) => order.sign * (key(a) - key(b) || a.number - b.number));
}

/** The labels whose name contains the `query`, in the order asked for. */
export function labelsBy(list: Iterable<Label>, args: Args): Label[] {
  const query = (textArg(args, 'query') ?? '').toLowerCase();
  const found = [...list].filter((one) => one.name.toLowerCase().includes(query));
  const order = orderOf(args, ['CREATED_AT', 'NAME']);
  if (!order) return found;
  const byName = (a: Label, b: Label): number => a.name.localeCompare(b.name);
  return found.sort((a, b) => order.sign * (order.field === 'NAME' ? byName(a, b) : a.id - b.id));
}
