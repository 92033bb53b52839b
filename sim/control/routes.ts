import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { addToken, createAccount } from '../acts/accounts.ts';
import { createRepository } from '../acts/repositories.ts';
import { Refused } from '../errors.ts';
import { created, DONE, isRecord, ok, type Call, type Reply } from '../http/call.ts';
import { Router, route } from '../http/router.ts';
import { findRepository, nextId, stamp, userByLogin } from '../state/state.ts';
import { tellInstalled } from '../acts/installations.ts';
import type { App } from '../state/types.ts';
import {
  AppBody,
  CiBody,
  FaultBody,
  ImportBody,
  LagBody,
  LimitsBody,
  read,
  UserBody,
  WebhooksBody,
} from './bodies.ts';
import { fillPulls } from './fill.ts';
import { importRepository } from './import.ts';

function addUser(call: Call): Reply {
  const wanted = read(UserBody, call.body);
  const user = createAccount(call.sim, wanted);
  const token = addToken(call.sim, user, wanted.token);
  return created({ id: user.id, login: user.login, token });
}

/** Keys are made once and shared: making one costs a tenth of a second. */
let keys: { publicKey: string; privateKey: string } | undefined;

function keyPair(): { publicKey: string; privateKey: string } {
  keys ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return keys;
}

function addApp(call: Call): Reply {
  const wanted = read(AppBody, call.body);
  const { sim } = call;
  const { state } = sim;
  const bot = createAccount(sim, { login: `${wanted.slug}[bot]`, type: 'Bot' });
  const owner = [...state.users.values()].find((one) => one.siteAdmin) ?? bot;
  const { publicKey, privateKey } = keyPair();
  const app: App = {
    id: nextId(state),
    slug: wanted.slug,
    name: wanted.slug,
    clientId: `Iv1.${randomBytes(8).toString('hex')}`,
    clientSecret: randomBytes(20).toString('hex'),
    publicKey,
    permissions: wanted.permissions,
    events: wanted.events,
    botId: bot.id,
    ownerId: owner.id,
    hookId: null,
    createdAt: stamp(),
  };
  state.apps.set(app.id, app);
  if (wanted.hook_url !== undefined) app.hookId = addAppHook(call, app, wanted);
  const installation = {
    id: nextId(state),
    appId: app.id,
    ...placeOf(call, wanted),
    suspended: null,
    createdAt: stamp(),
  };
  state.installations.set(installation.id, installation);
  tellInstalled(sim, installation, 'created');
  return created({
    id: app.id,
    client_id: app.clientId,
    client_secret: app.clientSecret,
    private_key: privateKey,
    installation_id: installation.id,
  });
}

/** Where an App is installed: everywhere, at one account, or on chosen repositories. */
function placeOf(
  call: Call,
  wanted: { account?: string | undefined; repositories?: string[] | undefined },
): { accountId: number | null; repositoryIds: Set<number> | null } {
  const account = wanted.account === undefined ? null : userByLogin(call.state, wanted.account);
  if (account === undefined) throw new Refused(422, `no account ${wanted.account ?? ''}`);
  const ids = wanted.repositories?.map((name) => {
    const [owner = '', short = ''] = name.split('/');
    const found = findRepository(call.state, owner, short);
    if (!found) throw new Refused(422, `no repository ${name}`);
    return found.repository.id;
  });
  return { accountId: account?.id ?? null, repositoryIds: ids ? new Set(ids) : null };
}

function addAppHook(
  call: Call,
  app: App,
  wanted: { hook_url?: string | undefined; hook_secret?: string | undefined },
): number {
  const id = nextId(call.state);
  call.state.hooks.set(id, {
    id,
    owner: { kind: 'app', id: app.id },
    events: app.events.length > 0 ? app.events : ['*'],
    active: true,
    url: wanted.hook_url ?? '',
    contentType: 'json',
    secret: wanted.hook_secret ?? null,
    insecureSsl: '0',
    createdAt: stamp(),
    updatedAt: stamp(),
    lastCode: null,
  });
  return id;
}

function addFault(call: Call): Reply {
  const wanted = read(FaultBody, call.body);
  call.sim.switches.faults.push({ ...wanted, times: wanted.times });
  return created({ faults: call.sim.switches.faults.length });
}

function clearFaults(call: Call): Reply {
  call.sim.switches.faults = [];
  return DONE;
}

function setWebhooks(call: Call): Reply {
  const { mode, seed } = read(WebhooksBody, call.body);
  call.sim.deliverer.setMode(mode, seed);
  return ok({ mode });
}

function setLag(call: Call): Reply {
  const { read_ms } = read(LagBody, call.body);
  call.sim.setLag(read_ms);
  return ok({ read_ms });
}

function setCi(call: Call): Reply {
  const { rules } = read(CiBody, call.body);
  call.sim.switches.ci = rules;
  return ok({ rules });
}

/** What the links of the CI's answers lead to. */
function showCi(call: Call): Reply {
  const about =
    'The CI of this simulator runs nothing: the first rule of a context that fits a pushed branch is its answer. PUT other rules here.';
  return ok({ about, rules: call.sim.switches.ci });
}

function setLimits(call: Call): Reply {
  const { rate, secondary } = read(LimitsBody, call.body);
  call.sim.switches.rateLimit = rate;
  call.sim.switches.secondaryLimit = secondary;
  return ok({ rate, secondary });
}

function requestsLog(call: Call): Reply {
  const since = Number(call.query.get('since') ?? 0);
  return ok(call.sim.requests.filter((one) => one.id > since));
}

function clearRequests(call: Call): Reply {
  call.sim.requests = [];
  return DONE;
}

function deliveries(call: Call): Reply {
  return ok(
    call.sim.deliverer.deliveries.map((one) => ({
      guid: one.guid,
      event: one.event,
      action: one.action,
      repository: one.repository,
      status: one.state,
      status_code: one.statusCode,
      attempts: one.attempts,
      hook_id: one.hookId,
      url: one.request.url,
      at: one.at,
    })),
  );
}

const USUAL_PATIENCE_MS = 5000;

/** Quiet must hold for two looks, so that an answer which causes the next event is not missed. */
async function idle(call: Call): Promise<Reply> {
  const patience = Number(call.query.get('timeout_ms') ?? USUAL_PATIENCE_MS);
  const end = Date.now() + patience;
  let quiet = 0;
  for (;;) {
    const pending = call.sim.deliverer.pending;
    const ci = call.sim.ciPending;
    quiet = pending === 0 && ci === 0 ? quiet + 1 : 0;
    if (quiet >= 2) return ok({ idle: true });
    if (Date.now() >= end) return { status: 408, body: { idle: false, deliveries: pending, ci } };
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function importOne(call: Call): Promise<Reply> {
  const wanted = read(ImportBody, call.body);
  const repository = await importRepository(call.sim, wanted);
  return created({ id: repository.id, name: wanted.name });
}

function reset(call: Call): Reply {
  call.sim.reset();
  return DONE;
}

async function fill(call: Call): Promise<Reply> {
  return created(await fillPulls(call.sim, isRecord(call.raw) ? call.raw : {}));
}

/** A repository of any owner, without that owner's token: for tools that only have the control interface. */
function addRepository(call: Call): Reply {
  const name = String(call.body['name']);
  const [login = '', short = ''] = name.split('/');
  const owner = userByLogin(call.state, login);
  if (!owner) throw new Refused(422, `no account ${login}`);
  const repository = createRepository(call.sim, { name: short, owner, by: owner });
  return created({ id: repository.id, name });
}

export const controlRouter = new Router([
  route('POST', '/_sim/users', 'sim/users', addUser),
  route('POST', '/_sim/apps', 'sim/apps', addApp),
  route('POST', '/_sim/repositories', 'sim/repositories', addRepository),
  route('POST', '/_sim/faults', 'sim/add-fault', addFault),
  route('DELETE', '/_sim/faults', 'sim/clear-faults', clearFaults),
  route('PUT', '/_sim/webhooks', 'sim/webhooks', setWebhooks),
  route('POST', '/_sim/webhooks/release', 'sim/release', (call) =>
    ok({ released: call.sim.deliverer.release() }),
  ),
  route('PUT', '/_sim/lag', 'sim/lag', setLag),
  route('PUT', '/_sim/ci', 'sim/ci', setCi),
  route('GET', '/_sim/ci', 'sim/show-ci', showCi),
  route('PUT', '/_sim/limits', 'sim/limits', setLimits),
  route('GET', '/_sim/requests', 'sim/requests', requestsLog),
  route('DELETE', '/_sim/requests', 'sim/clear-requests', clearRequests),
  route('GET', '/_sim/refs-log', 'sim/refs-log', (call) => ok(call.sim.refsLog)),
  route('GET', '/_sim/deliveries', 'sim/deliveries', deliveries),
  route('GET', '/_sim/idle', 'sim/idle', idle),
  route('POST', '/_sim/import', 'sim/import', importOne),
  route('POST', '/_sim/fill', 'sim/fill', fill),
  route('POST', '/_sim/reset', 'sim/reset', reset),
]);
