import { invalid, notFound } from '../errors.ts';
import {
  caller,
  created,
  DONE,
  flag,
  isRecord,
  numberParam,
  ok,
  paged,
  repositoryOf,
  texts,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { repositoryApi, repositoryJson } from '../json/repository.ts';
import { organizationJson, userJson } from '../json/user.ts';
import { fullName, nextId, stamp } from '../state/state.ts';
import type { Hook } from '../state/types.ts';
import { ownedOrganization } from './organizations.ts';
import { type Owner, hookJson } from '../json/hook.ts';
import { deliveryRoutes } from './deliveries.ts';

type FindOwner = (call: Call) => Owner;

const ofRepository: FindOwner = (call) => {
  const repository = repositoryOf(call);
  caller(call);
  try {
    repositoryOf(call, 'admin');
  } catch {
    throw notFound();
  }
  return { kind: 'repository', id: repository.id, api: repositoryApi(call, repository) };
};

const ofOrganization: FindOwner = (call) => {
  const { id, login } = ownedOrganization(call);
  return { kind: 'organization', id, api: `${call.sim.url}/orgs/${login}` };
};

function configure(call: Call, hook: Hook): void {
  const config = call.body['config'];
  if (isRecord(config)) {
    const { url, secret, content_type, insecure_ssl } = config;
    if (typeof url === 'string') hook.url = url;
    if (typeof secret === 'string') hook.secret = secret;
    if (content_type === 'json' || content_type === 'form') hook.contentType = content_type;
    if (insecure_ssl !== undefined)
      hook.insecureSsl = insecure_ssl === '1' || insecure_ssl === 1 ? '1' : '0';
  }
  hook.events = texts(call.body['events']) ?? hook.events;
  const add = texts(call.body['add_events']) ?? [];
  const drop = texts(call.body['remove_events']) ?? [];
  hook.events = [...new Set([...hook.events, ...add])].filter((one) => !drop.includes(one));
  hook.active = flag(call, 'active') ?? hook.active;
  hook.updatedAt = stamp();
  if (!/^https?:\/\//.test(hook.url))
    throw invalid({
      resource: 'Hook',
      code: 'custom',
      message: 'Config is invalid: url is not a valid URL',
    });
}

function create(find: FindOwner) {
  return (call: Call): Reply => {
    const owner = find(call);
    const now = stamp();
    const hook: Hook = {
      id: nextId(call.state),
      owner: { kind: owner.kind, id: owner.id },
      events: ['push'],
      active: true,
      url: '',
      contentType: 'form',
      secret: null,
      insecureSsl: '0',
      createdAt: now,
      updatedAt: now,
      lastCode: null,
    };
    configure(call, hook);
    const twin = hooksOf(call, owner).find(
      (one) =>
        one.url === hook.url &&
        one.contentType === hook.contentType &&
        one.events.some((event) => hook.events.includes(event)),
    );
    if (twin)
      throw invalid({
        resource: 'Hook',
        code: 'custom',
        message: 'Hook already exists on this repository',
      });
    call.state.hooks.set(hook.id, hook);
    ping(call, owner, hook);
    return created(hookJson(owner, hook));
  };
}

const ZEN = 'Keep it logically awesome.';

function ping(call: Call, owner: Owner, hook: Hook): void {
  const repository =
    owner.kind === 'repository' ? call.state.repositories.get(owner.id) : undefined;
  const accountId = repository?.ownerId ?? owner.id;
  const account = call.state.users.get(accountId);
  call.sim.deliverer.enqueue(hook, {
    event: 'ping',
    action: null,
    repository: repository ? fullName(call.state, repository) : null,
    repositoryId: repository?.id ?? null,
    installationId: null,
    payload: {
      zen: ZEN,
      hook_id: hook.id,
      hook: { ...hookJson(owner, hook), ...(owner.kind === 'app' ? { app_id: owner.id } : {}) },
      ...(repository ? { repository: repositoryJson(call, repository) } : {}),
      ...(account?.type === 'Organization'
        ? { organization: organizationJson(call, account) }
        : {}),
      ...(call.actor.user ? { sender: userJson(call, call.actor.user) } : {}),
    },
  });
}

function hooksOf(call: Call, owner: Owner): Hook[] {
  return [...call.state.hooks.values()].filter(
    (one) => one.owner.kind === owner.kind && one.owner.id === owner.id,
  );
}

function hookIn(call: Call, owner: Owner): Hook {
  const hook = call.state.hooks.get(numberParam(call, 'hook_id'));
  if (hook?.owner.kind !== owner.kind || hook.owner.id !== owner.id) throw notFound();
  return hook;
}

function routesAt(at: string, prefix: string, find: FindOwner) {
  return [
    route('GET', at, `${prefix}/list-webhooks`, (call) => {
      const owner = find(call);
      return paged(
        call,
        hooksOf(call, owner).map((one) => hookJson(owner, one)),
      );
    }),
    route('POST', at, `${prefix}/create-webhook`, create(find)),
    route('GET', `${at}/{hook_id}`, `${prefix}/get-webhook`, (call) => {
      const owner = find(call);
      return ok(hookJson(owner, hookIn(call, owner)));
    }),
    route('PATCH', `${at}/{hook_id}`, `${prefix}/update-webhook`, (call) => {
      const owner = find(call);
      const hook = hookIn(call, owner);
      configure(call, hook);
      return ok(hookJson(owner, hook));
    }),
    route('DELETE', `${at}/{hook_id}`, `${prefix}/delete-webhook`, (call) => {
      call.state.hooks.delete(hookIn(call, find(call)).id);
      return DONE;
    }),
    route('POST', `${at}/{hook_id}/pings`, `${prefix}/ping-webhook`, (call) => {
      const owner = find(call);
      ping(call, owner, hookIn(call, owner));
      return DONE;
    }),
    ...deliveryRoutes(`${at}/{hook_id}/deliveries`, prefix, (call) => hookIn(call, find(call))),
  ];
}

export const hookRoutes = [
  ...routesAt('/repos/{owner}/{repo}/hooks', 'repos', ofRepository),
  ...routesAt('/orgs/{org}/hooks', 'orgs', ofOrganization),
];
