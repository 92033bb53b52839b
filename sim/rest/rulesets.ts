import { notFound } from '../errors.ts';
import {
  caller,
  created,
  DONE,
  isRecord,
  needText,
  numberParam,
  ok,
  paged,
  param,
  part,
  repositoryOf,
  text,
  texts,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { repositoryApi, repositoryHtml } from '../json/repository.ts';
import { nodeId, type Json } from '../json/user.ts';
import { rulesetsOf } from '../acts/protection.ts';
import { fullName, nextId, stamp } from '../state/state.ts';
import type { Repository, Ruleset } from '../state/types.ts';
import { AT } from './protection.ts';

function rulesetOf(call: Call): { repository: Repository; ruleset: Ruleset } {
  const repository = repositoryOf(call);
  const ruleset = repository.rulesets.get(numberParam(call, 'ruleset_id'));
  if (!ruleset) throw notFound();
  return { repository, ruleset };
}

function rulesetJson(call: Call, repository: Repository, one: Ruleset): Json {
  const self = `${repositoryApi(call, repository)}/rulesets/${one.id}`;
  return {
    id: one.id,
    name: one.name,
    target: one.target,
    source_type: 'Repository',
    source: fullName(call.state, repository),
    enforcement: one.enforcement,
    node_id: nodeId('RRS', one.id),
    _links: {
      self: { href: self },
      html: { href: `${repositoryHtml(call, repository)}/rules/${one.id}` },
    },
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    bypass_actors: one.bypass,
    current_user_can_bypass: 'never',
    conditions: { ref_name: { include: one.include, exclude: one.exclude } },
    rules: one.rules,
  };
}

function fill(call: Call, ruleset: Ruleset): void {
  ruleset.name = text(call, 'name') ?? ruleset.name;
  const enforcement = text(call, 'enforcement');
  if (enforcement === 'active' || enforcement === 'disabled' || enforcement === 'evaluate')
    ruleset.enforcement = enforcement;
  const conditions = part(call, 'conditions');
  const names = conditions && isRecord(conditions['ref_name']) ? conditions['ref_name'] : null;
  if (names) {
    ruleset.include = texts(names['include']) ?? [];
    ruleset.exclude = texts(names['exclude']) ?? [];
  }
  const { rules, bypass_actors: bypass } = call.body;
  if (Array.isArray(rules))
    ruleset.rules = rules.filter(isRecord).map((one) => ({
      type: String(one['type']),
      ...(isRecord(one['parameters']) ? { parameters: one['parameters'] } : {}),
    }));
  if (Array.isArray(bypass))
    ruleset.bypass = bypass.filter(isRecord).map((one) => ({
      actor_id: typeof one['actor_id'] === 'number' ? one['actor_id'] : null,
      actor_type: String(one['actor_type']),
      bypass_mode: typeof one['bypass_mode'] === 'string' ? one['bypass_mode'] : 'always',
    }));
  ruleset.updatedAt = stamp();
}

function createRuleset(call: Call): Reply {
  const repository = repositoryOf(call, 'admin');
  caller(call);
  const now = stamp();
  const ruleset: Ruleset = {
    id: nextId(call.state),
    name: needText(call, 'name', 'RepositoryRuleset'),
    target: text(call, 'target') === 'tag' ? 'tag' : 'branch',
    enforcement: 'active',
    include: [],
    exclude: [],
    rules: [],
    bypass: [],
    createdAt: now,
    updatedAt: now,
  };
  fill(call, ruleset);
  repository.rulesets.set(ruleset.id, ruleset);
  return created(rulesetJson(call, repository, ruleset));
}

function rulesOfBranch(call: Call): Reply {
  const repository = repositoryOf(call);
  const source = fullName(call.state, repository);
  const rules = rulesetsOf(repository, param(call, 'branch')).flatMap((one) =>
    one.rules.map((rule) => ({
      ...rule,
      ruleset_source_type: 'Repository',
      ruleset_source: source,
      ruleset_id: one.id,
    })),
  );
  return paged(call, rules);
}

export const rulesetRoutes = [
  route('GET', `${AT}/rulesets`, 'repos/get-repo-rulesets', (call) => {
    const repository = repositoryOf(call);
    return paged(
      call,
      [...repository.rulesets.values()].map((one) => rulesetJson(call, repository, one)),
    );
  }),
  route('POST', `${AT}/rulesets`, 'repos/create-repo-ruleset', createRuleset),
  route('GET', `${AT}/rulesets/{ruleset_id}`, 'repos/get-repo-ruleset', (call) => {
    const { repository, ruleset } = rulesetOf(call);
    return ok(rulesetJson(call, repository, ruleset));
  }),
  route('PUT', `${AT}/rulesets/{ruleset_id}`, 'repos/update-repo-ruleset', (call) => {
    repositoryOf(call, 'admin');
    const { repository, ruleset } = rulesetOf(call);
    fill(call, ruleset);
    return ok(rulesetJson(call, repository, ruleset));
  }),
  route('DELETE', `${AT}/rulesets/{ruleset_id}`, 'repos/delete-repo-ruleset', (call) => {
    repositoryOf(call, 'admin');
    const { repository, ruleset } = rulesetOf(call);
    repository.rulesets.delete(ruleset.id);
    return DONE;
  }),
  route('GET', `${AT}/rules/branches/{branch+}`, 'repos/get-branch-rules', rulesOfBranch),
];
