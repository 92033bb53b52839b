import { invalid, notFound } from '../errors.ts';
import {
  caller,
  created,
  DONE,
  needText,
  numberParam,
  ok,
  paged,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { milestoneJson } from '../json/issue.ts';
import { nextId, stamp } from '../state/state.ts';
import type { Milestone, Repository } from '../state/types.ts';

function milestoneIn(call: Call, repository: Repository): Milestone {
  const found = repository.milestones.get(numberParam(call, 'milestone_number'));
  if (!found) throw notFound();
  return found;
}

function createMilestone(call: Call): Reply {
  const repository = repositoryOf(call, 'write');
  const title = needText(call, 'title', 'Milestone');
  if ([...repository.milestones.values()].some((one) => one.title === title))
    throw invalid({ resource: 'Milestone', field: 'title', code: 'already_exists' });
  const now = stamp();
  const number = Math.max(0, ...repository.milestones.keys()) + 1;
  const made: Milestone = {
    id: nextId(call.state),
    number,
    title,
    description: text(call, 'description') ?? null,
    state: 'open',
    creatorId: caller(call).id,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    dueOn: text(call, 'due_on') ?? null,
  };
  repository.milestones.set(number, made);
  return created(milestoneJson(call, repository, made));
}

function editMilestone(call: Call): Reply {
  const repository = repositoryOf(call, 'write');
  const one = milestoneIn(call, repository);
  one.title = text(call, 'title') ?? one.title;
  one.description = text(call, 'description') ?? one.description;
  const state = text(call, 'state');
  if (state === 'open' || state === 'closed') {
    one.state = state;
    one.closedAt = state === 'closed' ? stamp() : null;
  }
  one.updatedAt = stamp();
  return ok(milestoneJson(call, repository, one));
}

const MILESTONES = '/repos/{owner}/{repo}/milestones';

export const milestoneRoutes = [
  route('GET', MILESTONES, 'issues/list-milestones', (call) => {
    const repository = repositoryOf(call);
    const state = call.query.get('state') ?? 'open';
    const found = [...repository.milestones.values()].filter(
      (one) => state === 'all' || one.state === state,
    );
    return paged(
      call,
      found.map((one) => milestoneJson(call, repository, one)),
    );
  }),
  route('POST', MILESTONES, 'issues/create-milestone', createMilestone),
  route('GET', `${MILESTONES}/{milestone_number}`, 'issues/get-milestone', (call) => {
    const repository = repositoryOf(call);
    return ok(milestoneJson(call, repository, milestoneIn(call, repository)));
  }),
  route('PATCH', `${MILESTONES}/{milestone_number}`, 'issues/update-milestone', editMilestone),
  route('DELETE', `${MILESTONES}/{milestone_number}`, 'issues/delete-milestone', (call) => {
    const repository = repositoryOf(call, 'write');
    repository.milestones.delete(milestoneIn(call, repository).number);
    return DONE;
  }),
];
