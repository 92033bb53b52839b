import { spawn } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import type { Sim } from '../sim.ts';
import type { Repository } from '../state/types.ts';
import { FLUSH, packet, readPackets } from './pkt-line.ts';
import { gitEnvironment } from './process.ts';

const CAPABILITIES = [
  'version 2\n',
  'agent=git/github-simulator\n',
  'ls-refs=unborn\n',
  'fetch=shallow wait-for-done filter\n',
  'server-option\n',
  'object-format=sha1\n',
];

const NO_CACHE = { 'cache-control': 'no-cache, max-age=0, must-revalidate' };

/** Answers `info/refs?service=git-upload-pack`; protocol 2 needs no process. */
export function advertiseFetch(
  sim: Sim,
  repository: Repository,
  what: { response: ServerResponse; protocol: string },
): void {
  const { response, protocol } = what;
  const type = 'application/x-git-upload-pack-advertisement';
  response.writeHead(200, { 'content-type': type, ...NO_CACHE });
  response.write(Buffer.concat([packet('# service=git-upload-pack\n'), FLUSH]));
  if (/version=2/.test(protocol)) {
    response.end(Buffer.concat([...CAPABILITIES.map((one) => packet(one)), FLUSH]));
    return;
  }
  const args = ['upload-pack', '--stateless-rpc', '--http-backend-info-refs'];
  serve(sim, repository, { args, input: Buffer.alloc(0), response, protocol });
}

/** Answers `git-upload-pack`; `ls-refs` from memory, `fetch` by git. */
export function serveFetch(
  sim: Sim,
  repository: Repository,
  what: { response: ServerResponse; protocol: string; body: Buffer },
): void {
  const { response, protocol, body } = what;
  const type = 'application/x-git-upload-pack-result';
  response.writeHead(200, { 'content-type': type, ...NO_CACHE });
  const { lines } = readPackets(body);
  const first = lines[0]?.toString().trim();
  if (/version=2/.test(protocol) && first === 'command=ls-refs')
    response.end(
      listRefs(
        repository,
        lines.map((one) => one.toString().trim()),
      ),
    );
  else
    serve(sim, repository, {
      args: ['upload-pack', '--stateless-rpc'],
      input: body,
      response,
      protocol,
    });
}

function listRefs(repository: Repository, args: readonly string[]): Buffer {
  const prefixes = args
    .filter((one) => one.startsWith('ref-prefix '))
    .map((one) => one.slice('ref-prefix '.length));
  const wanted = (ref: string): boolean =>
    prefixes.length === 0 || prefixes.some((one) => ref.startsWith(one));
  const target = `refs/heads/${repository.defaultBranch}`;
  const head = repository.refs.get(target);
  const symbolic = args.includes('symrefs') ? ` symref-target:${target}` : '';
  const lines: Buffer[] = [];
  if (wanted('HEAD')) {
    if (head !== undefined) lines.push(packet(`${head} HEAD${symbolic}\n`));
    else if (args.includes('unborn')) lines.push(packet(`unborn HEAD${symbolic}\n`));
  }
  for (const ref of [...repository.refs.keys()].sort())
    if (wanted(ref)) lines.push(packet(`${repository.refs.get(ref) ?? ''} ${ref}\n`));
  return Buffer.concat([...lines, FLUSH]);
}

function serve(
  sim: Sim,
  repository: Repository,
  what: { args: string[]; input: Buffer; response: ServerResponse; protocol: string },
): void {
  const dir = sim.gitDir(repository);
  const env = gitEnvironment(what.protocol === '' ? {} : { GIT_PROTOCOL: what.protocol });
  const child = spawn('git', [...what.args, dir], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => undefined);
  child.on('error', () => what.response.destroy());
  what.response.on('close', () => child.kill());
  child.stdout.pipe(what.response);
  child.stdin.end(what.input);
}
