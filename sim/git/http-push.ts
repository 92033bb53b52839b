import { spawn } from 'node:child_process';
import type { Sim } from '../sim.ts';
import type { Repository, User } from '../state/types.ts';
import { objections, type Objection } from '../acts/protection.ts';
import { push } from '../acts/push.ts';
import { relate } from './graph.ts';
import { FLUSH, packet, readPackets, sideBand } from './pkt-line.ts';
import { gitEnvironment } from './process.ts';
import { conflictingRef, isRefName, type RefUpdate } from './refs.ts';

const ZERO = '0'.repeat(40);
const CAPABILITIES =
  'report-status report-status-v2 delete-refs side-band-64k quiet atomic ofs-delta push-options ' +
  'object-format=sha1 agent=git/github-simulator';

/** Answers `info/refs?service=git-receive-pack`. Pull request refs are not offered: they are read-only. */
export function advertisePush(repository: Repository): Buffer {
  const refs = [...repository.refs.keys()].filter((ref) => !ref.startsWith('refs/pull/')).sort();
  const lines = refs.map((ref) => `${repository.refs.get(ref) ?? ''} ${ref}`);
  if (lines.length === 0) lines.push(`${ZERO} capabilities^{}`);
  lines[0] = `${lines[0] ?? ''}\0${CAPABILITIES}`;
  const body = lines.map((one) => packet(`${one}\n`));
  return Buffer.concat([packet('# service=git-receive-pack\n'), FLUSH, ...body, FLUSH]);
}

interface Command {
  readonly from: string | null;
  readonly to: string | null;
  readonly ref: string;
}

type Verdict = { kind: 'ok'; update: RefUpdate } | { kind: 'ng'; ref: string; reason: string };

/** What a push brings: commands, capabilities and a pack. */
interface Request {
  readonly commands: readonly Command[];
  readonly capabilities: ReadonlySet<string>;
  readonly pack: Buffer;
}

/**
 * Carries out a push: the pack is unpacked and checked by git, each ref is judged by the rules of
 * branches, moves happen together under the network's lock.
 *
 * @returns the answer for the client, side bands and all.
 */
export async function servePush(
  sim: Sim,
  repository: Repository,
  what: { body: Buffer; by: User },
): Promise<Buffer> {
  const request = readRequest(what.body);
  if (request.commands.length === 0) return FLUSH;
  const trouble = await unpack(sim.store(repository.networkId).dir, request.pack);
  const remarks: string[] = [];
  const verdicts = await sim.locked(repository.networkId, async () => {
    const judged = await judgeAll(sim, repository, { request, by: what.by, trouble, remarks });
    const updates = judged.flatMap((one) => (one.kind === 'ok' ? [one.update] : []));
    if (updates.length > 0) {
      await push(sim, repository, { updates, by: what.by });
      sim.remember();
    }
    return judged;
  });
  return report(request, { verdicts, trouble, remarks });
}

function readRequest(body: Buffer): Request {
  const { lines, end } = readPackets(body);
  const capabilities = new Set<string>();
  const commands = lines.flatMap((line, index): Command[] => {
    const [text = '', offered = ''] = line.toString('utf8').replace(/\n$/, '').split('\0');
    if (index === 0) for (const one of offered.split(' ')) capabilities.add(one);
    const match = /^([0-9a-f]{40}) ([0-9a-f]{40}) (.+)$/.exec(text);
    if (!match) return [];
    const sha = (value: string | undefined) => (value === ZERO ? null : (value ?? null));
    return [{ from: sha(match[1]), to: sha(match[2]), ref: match[3] ?? '' }];
  });
  const options = capabilities.has('push-options') ? readPackets(body, end).end : end;
  return { commands, capabilities, pack: body.subarray(options) };
}

/** Above this many objects a pack is kept as it is. */
const KEEP_PACK = 5000;

/** Puts the objects of a pack into the store; the answer is null or git's complaint. */
function unpack(dir: string, pack: Buffer): Promise<string | null> {
  if (pack.length < 12 || pack.readUInt32BE(8) === 0) return Promise.resolve(null);
  const many = pack.readUInt32BE(8) > KEEP_PACK;
  const args = many
    ? ['index-pack', '--stdin', '--fix-thin', '--strict']
    : ['unpack-objects', '-q', '--strict'];
  return new Promise((resolve) => {
    const child = spawn('git', ['--git-dir', dir, ...args], { env: gitEnvironment() });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.stdout.resume();
    child.stdin.on('error', () => undefined);
    child.on('error', () => resolve('unpacker error'));
    child.on('close', (code) => {
      const line = complaint.trim().split('\n').pop() ?? '';
      resolve(code === 0 ? null : line === '' ? 'unpacker error' : line);
    });
    child.stdin.end(pack);
  });
}

interface Judging {
  readonly request: Request;
  readonly by: User;
  readonly trouble: string | null;
  /** Lines for the pusher's screen; filled while judging. */
  readonly remarks: string[];
}

async function judgeAll(sim: Sim, repository: Repository, what: Judging): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const command of what.request.commands)
    verdicts.push(
      what.trouble === null
        ? await judge(sim, repository, { command, by: what.by, remarks: what.remarks })
        : { kind: 'ng', ref: command.ref, reason: 'unpacker error' },
    );
  const failed = verdicts.some((one) => one.kind === 'ng');
  if (!failed || !what.request.capabilities.has('atomic')) return verdicts;
  return verdicts.map((one) =>
    one.kind === 'ng'
      ? one
      : { kind: 'ng', ref: one.update.ref, reason: 'atomic transaction failed' },
  );
}

async function judge(
  sim: Sim,
  repository: Repository,
  what: { command: Command; by: User; remarks: string[] },
): Promise<Verdict> {
  const { from, to, ref } = what.command;
  const no = (reason: string): Verdict => ({ kind: 'ng', ref, reason });
  if (ref.startsWith('refs/pull/')) return no('deny updating a hidden ref');
  if (!isRefName(ref)) return no('funny refname');
  if (repository.archived) return no('This repository was archived so it is read-only.');
  const now = repository.refs.get(ref) ?? null;
  if (now !== from)
    return no(from === null ? 'reference already exists' : 'cannot lock ref: stale info');
  const store = sim.store(repository.networkId);
  if (to !== null && now === null) {
    const other = conflictingRef(repository, ref);
    if (other !== null) return no(`cannot lock ref '${ref}': '${other}' exists`);
  }
  if (to !== null && (await store.object(to)) === null) return no('missing necessary objects');
  const isBranch = ref.startsWith('refs/heads/');
  if (isBranch && to !== null && (await store.commit(to)) === null)
    return no('cannot point a branch to what is no commit');
  if (isBranch && to === null && ref === `refs/heads/${repository.defaultBranch}`)
    return no('refusing to delete the current branch: ' + ref);
  const relation = from !== null && to !== null && isBranch ? await relate(store, from, to) : null;
  const forced = relation !== null && relation.behind.length > 0;
  if (!isBranch) return { kind: 'ok', update: { ref, from, to, forced } };
  const merges = await hasMerges(sim, repository, relation?.ahead ?? []);
  const found = objections(sim, repository, {
    branch: ref.slice('refs/heads/'.length),
    user: what.by,
    kind: from === null ? 'create' : to === null ? 'delete' : 'update',
    forced,
    to,
    merges,
    viaMerge: false,
  });
  if (found.length === 0) return { kind: 'ok', update: { ref, from, to, forced } };
  what.remarks.push(...remarksOn(sim, ref, found));
  const rules = found.some((one) => one.code === 'GH013');
  return no(
    rules ? 'push declined due to repository rule violations' : 'protected branch hook declined',
  );
}

async function hasMerges(
  sim: Sim,
  repository: Repository,
  shas: readonly string[],
): Promise<boolean> {
  const store = sim.store(repository.networkId);
  for (const sha of shas) if (((await store.commit(sha))?.parents.length ?? 0) > 1) return true;
  return false;
}

function remarksOn(sim: Sim, ref: string, found: readonly Objection[]): string[] {
  const rules = found.filter((one) => one.code === 'GH013');
  const classic = found.filter((one) => one.code === 'GH006');
  const lines: string[] = [];
  if (classic.length > 0) lines.push(`error: GH006: Protected branch update failed for ${ref}.`);
  for (const one of classic) lines.push(`error: ${one.text}`);
  if (rules.length > 0)
    lines.push(
      `error: GH013: Repository rule violations found for ${ref}.`,
      `Review all repository rules at ${sim.url}/rules?ref=${encodeURIComponent(ref)}`,
      '',
    );
  for (const one of rules) lines.push(`- ${one.text}`);
  return lines;
}

function report(
  request: Request,
  what: { verdicts: readonly Verdict[]; trouble: string | null; remarks: readonly string[] },
): Buffer {
  const wants = (name: string): boolean => request.capabilities.has(name);
  const lines = [
    packet(what.trouble === null ? 'unpack ok\n' : `unpack ${what.trouble}\n`),
    ...what.verdicts.map((one) =>
      packet(one.kind === 'ok' ? `ok ${one.update.ref}\n` : `ng ${one.ref} ${one.reason}\n`),
    ),
    FLUSH,
  ];
  const status = wants('report-status') || wants('report-status-v2') ? Buffer.concat(lines) : FLUSH;
  if (!wants('side-band-64k')) return status;
  const screen = what.remarks.map((one) => sideBand(2, Buffer.from(`${one}\n`)));
  return Buffer.concat([...screen, sideBand(1, status), FLUSH]);
}
