import { includes, permissionOf } from '../state/permissions.ts';
import { latestStatuses } from '../json/checks.ts';
import type { Sim } from '../sim.ts';
import type { PullIssue } from '../state/state.ts';
import type { Protection, Repository, Review, Ruleset, User } from '../state/types.ts';

/** One move of a branch that a rule may refuse. */
export interface Move {
  readonly branch: string;
  readonly user: User;
  readonly kind: 'create' | 'update' | 'delete';
  /** The move is no fast-forward. */
  readonly forced: boolean;
  readonly to: string | null;
  /** Whether a commit with several parents is among the new ones. */
  readonly merges: boolean;
  /** The move is the merge of a pull request whose own rules were asked already. */
  readonly viaMerge: boolean;
}

/** Why a branch may not move: GitHub's code and its sentence. */
export interface Objection {
  readonly code: 'GH006' | 'GH013';
  readonly text: string;
}

/** Branch protection of exactly this branch, or of the first pattern that fits. */
export function protectionOf(repository: Repository, branch: string): Protection | null {
  const exact = repository.protections.get(branch);
  if (exact) return exact;
  for (const [pattern, one] of repository.protections)
    if (pattern.includes('*') && matches(pattern, branch)) return one;
  return null;
}

/** File-name patterns as GitHub has them: `*` stops at a slash, `**` does not. */
function matches(pattern: string, branch: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/?|\*|\?/g, (star) =>
      star.startsWith('**') ? '.*' : star === '*' ? '[^/]*' : '[^/]',
    );
  return new RegExp(`^${source}$`).test(branch);
}

/** Rulesets in force for a branch. */
export function rulesetsOf(repository: Repository, branch: string): Ruleset[] {
  const fits = (pattern: string): boolean => {
    if (pattern === '~ALL') return true;
    if (pattern === '~DEFAULT_BRANCH') return branch === repository.defaultBranch;
    return matches(pattern.replace(/^refs\/heads\//, ''), branch);
  };
  return [...repository.rulesets.values()].filter(
    (one) =>
      one.enforcement === 'active' &&
      one.target === 'branch' &&
      one.include.some(fits) &&
      !one.exclude.some(fits),
  );
}

/** Everything the branch's rules hold against a move; nothing when it may go ahead. */
export function objections(sim: Sim, repository: Repository, move: Move): Objection[] {
  return [
    ...protectionObjections(sim, repository, move),
    ...rulesetsOf(repository, move.branch)
      .filter((one) => !bypasses(sim, repository, { ruleset: one, user: move.user }))
      .flatMap((one) => rulesetObjections(repository, one, move)),
  ];
}

function protectionObjections(sim: Sim, repository: Repository, move: Move): Objection[] {
  const rule = protectionOf(repository, move.branch);
  if (!rule) return [];
  const admin = includes(permissionOf(sim.state, repository, move.user), 'admin');
  const exempt = admin && !rule.enforceAdmins;
  const say = (text: string): Objection => ({ code: 'GH006', text });
  const found: Objection[] = [];
  if (move.kind === 'delete')
    return rule.allowDeletions ? [] : [say('Cannot delete a protected branch')];
  if (move.forced && !rule.allowForcePushes) found.push(say('Cannot force-push to this branch'));
  if (exempt) return found;
  if (rule.lockBranch) found.push(say('Cannot change this locked branch'));
  if (rule.restrictions && !mayPush(sim, rule.restrictions, move.user))
    found.push(say("You're not authorized to push to this branch."));
  if (rule.linearHistory && move.merges)
    found.push(say('This branch must not contain merge commits.'));
  if (move.viaMerge || move.kind === 'create') return found;
  if (rule.requiredReviews && !rule.requiredReviews.bypassUsers.includes(move.user.id))
    found.push(say('Changes must be made through a pull request.'));
  const contexts = rule.requiredStatuses?.contexts ?? [];
  const missing = missingContexts(repository, contexts, move.to);
  if (missing.length > 0) found.push(say(expected(missing, contexts.length)));
  return found;
}

function mayPush(sim: Sim, allowed: NonNullable<Protection['restrictions']>, user: User): boolean {
  if (allowed.users.includes(user.id)) return true;
  if (allowed.teams.some((id) => sim.state.teams.get(id)?.members.has(user.id))) return true;
  return allowed.apps.some((id) => sim.state.apps.get(id)?.botId === user.id);
}

/** Contexts without a success on the commit, statuses and check runs alike. */
function missingContexts(
  repository: Repository,
  contexts: readonly string[],
  sha: string | null,
): string[] {
  if (sha === null) return [];
  const good = new Set(
    latestStatuses(repository, sha)
      .filter((one) => one.state === 'success')
      .map((one) => one.context),
  );
  for (const id of repository.checkRunsBySha.get(sha) ?? []) {
    const run = repository.checkRuns.get(id);
    if (run && ['success', 'neutral', 'skipped'].includes(run.conclusion ?? '')) good.add(run.name);
  }
  return contexts.filter((one) => !good.has(one));
}

function expected(missing: readonly string[], all: number): string {
  return missing.length === 1
    ? `Required status check "${missing[0] ?? ''}" is expected.`
    : `${missing.length} of ${all} required status checks are expected.`;
}

function bypasses(
  sim: Sim,
  repository: Repository,
  who: { ruleset: Ruleset; user: User },
): boolean {
  const permission = permissionOf(sim.state, repository, who.user);
  return who.ruleset.bypass.some((one) => {
    if (one.bypass_mode === 'pull_request') return false;
    if (one.actor_type === 'OrganizationAdmin') return includes(permission, 'admin');
    if (one.actor_type === 'Integration')
      return sim.state.apps.get(one.actor_id ?? 0)?.botId === who.user.id;
    if (one.actor_type === 'Team')
      return sim.state.teams.get(one.actor_id ?? 0)?.members.has(who.user.id) === true;
    if (one.actor_type === 'User') return one.actor_id === who.user.id;
    const role = ({ 2: 'maintain', 4: 'write', 5: 'admin' } as const)[one.actor_id ?? 0];
    return role !== undefined && includes(permission, role);
  });
}

function rulesetObjections(repository: Repository, ruleset: Ruleset, move: Move): Objection[] {
  const say = (text: string): Objection => ({ code: 'GH013', text });
  return ruleset.rules.flatMap((rule): Objection[] => {
    if (rule.type === 'deletion' && move.kind === 'delete')
      return [say('Cannot delete this branch')];
    if (rule.type === 'creation' && move.kind === 'create')
      return [say('Cannot create ref due to creations being restricted.')];
    if (move.kind === 'delete') return [];
    if (rule.type === 'update' && move.kind === 'update')
      return [say('Cannot update this protected ref.')];
    if (rule.type === 'non_fast_forward' && move.forced)
      return [say('Cannot force-push to this branch')];
    if (rule.type === 'required_linear_history' && move.merges)
      return [say('This branch must not contain merge commits.')];
    if (move.viaMerge || move.kind === 'create') return [];
    if (rule.type === 'pull_request') return [say('Changes must be made through a pull request.')];
    if (rule.type !== 'required_status_checks') return [];
    const contexts = ruleContexts(rule.parameters);
    const missing = missingContexts(repository, contexts, move.to);
    return missing.length > 0 ? [say(expected(missing, contexts.length))] : [];
  });
}

function ruleContexts(parameters: Record<string, unknown> | undefined): string[] {
  const list = parameters?.['required_status_checks'];
  if (!Array.isArray(list)) return [];
  return (list as { context?: unknown }[]).flatMap((one) =>
    typeof one.context === 'string' ? [one.context] : [],
  );
}

/** The contexts that must be green on a branch, by its protection and its rulesets. */
export function requiredContexts(repository: Repository, branch: string): string[] {
  const rules = rulesetsOf(repository, branch).flatMap((one) => one.rules);
  return [
    ...(protectionOf(repository, branch)?.requiredStatuses?.contexts ?? []),
    ...rules
      .filter((one) => one.type === 'required_status_checks')
      .flatMap((one) => ruleContexts(one.parameters)),
  ];
}

/** What a pull request still lacks before its base branch takes it; sentences as the merge call says them. */
export function unmetRules(sim: Sim, repository: Repository, issue: PullIssue): string[] {
  const branch = issue.pull.baseRef;
  const rule = protectionOf(repository, branch);
  const contexts = requiredContexts(repository, branch);
  let reviews = rule?.requiredReviews?.count ?? 0;
  for (const ruleset of rulesetsOf(repository, branch))
    for (const one of ruleset.rules) {
      const count = one.parameters?.['required_approving_review_count'];
      if (one.type === 'pull_request' && typeof count === 'number')
        reviews = Math.max(reviews, count);
    }
  const unmet: string[] = [];
  const missing = missingContexts(repository, contexts, issue.pull.headSha);
  if (missing.length > 0) unmet.push(expected(missing, contexts.length));
  const verdicts = latestVerdicts(sim, repository, issue);
  const approvals = verdicts.filter((one) => one.state === 'APPROVED').length;
  if (reviews > approvals)
    unmet.push(
      `At least ${reviews} approving review${reviews === 1 ? ' is' : 's are'} required by reviewers with write access.`,
    );
  if (reviews > 0 && verdicts.some((one) => one.state === 'CHANGES_REQUESTED'))
    unmet.push('Changes have been requested.');
  return unmet;
}

/** The last word of each reviewer who may write. */
function latestVerdicts(sim: Sim, repository: Repository, issue: PullIssue): Review[] {
  const last = new Map<number, Review>();
  for (const id of issue.pull.reviewIds) {
    const review = sim.state.reviews.get(id);
    if (!review || review.state === 'COMMENTED' || review.state === 'PENDING') continue;
    const author = sim.state.users.get(review.authorId) ?? null;
    if (includes(permissionOf(sim.state, repository, author), 'write'))
      last.set(review.authorId, review);
  }
  return [...last.values()];
}
