import { spawn, execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openClones } from '../../../src/git/index.ts';
import { aScratch, lines, BOT } from './scratch.ts';

const TOKEN = `ghs_123_${'x.Y_z'.repeat(104)}`; // as long as GitHub makes them (B-088)
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(handler: Parameters<typeof createServer>[1] & object): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Git's own HTTP server behind a password. */
function gitServer(root: string, seen: string[]): Promise<string> {
  const backend = join(execFileSync('git', ['--exec-path']).toString().trim(), 'git-http-backend');
  return serve((request, response) => {
    const { authorization = '' } = request.headers;
    seen.push(authorization);
    if (authorization === '') {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const env = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      REMOTE_USER: 'bot',
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    };
    const child = spawn(backend, { env });
    const output: Buffer[] = [];
    request.pipe(child.stdin);
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('close', () => {
      const all = Buffer.concat(output);
      const gap = all.indexOf('\r\n\r\n');
      const headers = all
        .toString('latin1', 0, gap)
        .split('\r\n')
        .map((line) => line.split(': '));
      for (const [name = '', value = ''] of headers) {
        if (name !== 'Status') response.setHeader(name, value);
      }
      response.end(all.subarray(gap + 4));
    });
  });
}

function everyFileIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

describe('the token', () => {
  it('B-088 opens the remote, however long it is, and is in no argv, log, config or file', async () => {
    const logged: string[] = [];
    const note = (fields: object, message: string) =>
      void logged.push(JSON.stringify({ ...fields, message }));
    await using scratch = await aScratch({ log: { debug: note, warn: note } });
    const seen: string[] = [];
    const url = `${await gitServer(scratch.folder, seen)}/origin.git`;
    scratch.git('config', 'http.receivepack', 'true');
    const main = scratch.commit({ files: { a: 'a' } });
    scratch.branch('main', main);

    const clone = await scratch.clones.of(8, { url, token: TOKEN });
    expect(await clone.fetch({ branches: ['main'] })).toMatchObject({ kind: 'fetched' });
    expect(await clone.push([{ branch: 'tmp.main', sha: main }])).toEqual({ kind: 'pushed' });

    const basic = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
    expect(new Set(seen)).toEqual(new Set(['', basic]));
    expect(logged.length).toBeGreaterThan(4);
    const kept = everyFileIn(join(scratch.folder, 'clones')).map((file) =>
      readFileSync(file, 'latin1'),
    );
    for (const text of [...logged, ...kept]) expect(text).not.toContain(TOKEN);
  });

  it('is cut out of what git says', async () => {
    await using scratch = await aScratch();
    const url = await serve((_, response) => response.writeHead(500, TOKEN).end());
    const clone = await scratch.clones.of(8, { url: `${url}/${TOKEN}.git`, token: TOKEN });

    const outcome = await clone.push([{ branch: 'main', sha: scratch.commit() }]);
    expect(JSON.stringify(outcome)).not.toContain(TOKEN);
    const failed = await clone.remoteHeads(['main']).catch(String);
    expect(failed).not.toContain(TOKEN);
  });

  it('may not be in the URL', async () => {
    await using scratch = await aScratch();
    const remote = { url: `https://x:${TOKEN}@github.com/acme/app.git` };
    await expect(scratch.clones.of(8, remote)).rejects.toThrow('credentials in the URL');
  });

  it('does not follow a redirect to another host', async () => {
    await using scratch = await aScratch();
    const stolen: string[] = [];
    const thief = await gitServer(scratch.folder, stolen);
    const url = await serve((request, response) => {
      response.writeHead(302, { location: `${thief}${request.url ?? ''}` }).end();
    });
    const clone = await scratch.clones.of(8, { url: `${url}/origin.git`, token: TOKEN });

    await expect(clone.remoteHeads(['main'])).rejects.toThrow('git ls-remote failed');
    expect(stolen).toEqual([]);
  });
});

describe('a git child', () => {
  it('is killed with its helpers when the remote hangs, and the push is unknown', async () => {
    await using scratch = await aScratch({ networkTimeoutMs: 300 });
    const url = await serve(() => undefined);
    const sha = scratch.commit();
    await scratch.fetched(sha);
    const clone = await scratch.clones.of(7, { url: `${url}/x.git` });

    await expect(clone.remoteHeads(['main'])).rejects.toMatchObject({
      failure: { how: 'timeout' },
    });
    expect(await clone.push([{ branch: 'main', sha }])).toMatchObject({ kind: 'unknown' });
    expect(execFileSync('ps', ['-eo', 'args']).toString()).not.toContain(url);
  });

  it('talks to no remote by another protocol than asked for', async () => {
    await using scratch = await aScratch({ allowFile: false });
    scratch.branch('main', scratch.commit());
    await expect(scratch.clone.remoteHeads(['main'])).rejects.toThrow("'file' not allowed");
    const ext = await scratch.clones.of(8, { url: `ext::sh -c touch% ${scratch.folder}/pwned` });
    await expect(ext.remoteHeads(['main'])).rejects.toThrow("'ext' not allowed");
    expect(existsSync(join(scratch.folder, 'pwned'))).toBe(false);
  });

  it('runs no hook and no configured program of the clone', async () => {
    await using scratch = await aScratch();
    const dir = join(scratch.folder, 'clones', '7.git');
    const trace = join(scratch.folder, 'trace');
    const program = join(scratch.folder, 'program');
    writeFileSync(program, `#!/bin/sh\ntouch ${trace}\n`);
    chmodSync(program, 0o755);
    mkdirSync(join(dir, 'hooks'));
    for (const hook of ['reference-transaction', 'pre-push', 'post-checkout']) {
      writeFileSync(join(dir, 'hooks', hook), readFileSync(program));
      chmodSync(join(dir, 'hooks', hook), 0o755);
    }
    scratch.inClone('config', 'core.fsmonitor', program);
    scratch.inClone('config', 'credential.helper', program);
    scratch.inClone('config', 'diff.external', program);
    const main = scratch.commit({ files: { a: lines() } });
    scratch.branch('main', main);

    await scratch.clone.fetch({ branches: ['main'] });
    await scratch.clone.push([{ branch: 'tmp.main', sha: main }]);
    await scratch.clone.changedPaths(main, main);

    expect(existsSync(trace)).toBe(false);
  });

  it('does not see replaced objects (F-101)', async () => {
    await using scratch = await aScratch();
    const good = scratch.commit({ files: { a: 'good' } });
    const evil = scratch.commit({ files: { a: 'evil' } });
    await scratch.fetched(good, evil);
    scratch.inClone('update-ref', `refs/replace/${good}`, evil);

    expect(await scratch.clone.changedPaths(good, evil)).toEqual(new Set(['a']));
  });

  it('that breaks on a hostile tree gives an outcome, not a failure to be repeated (F-087)', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: lines() } });
    const onto = scratch.commit({ on: base, files: { a: lines({ 1: 'x' }) } });
    await scratch.fetched(onto);
    const dir = join(scratch.folder, 'clones', '7.git');
    const blob = scratch.inClone('rev-parse', `${base}:a`);
    const entry = Buffer.concat([Buffer.from('100644 a/b\0'), Buffer.from(blob, 'hex')]);
    const write = ['hash-object', '-t', 'tree', '--literally', '-w', '--stdin'];
    const options = { input: entry };
    const tree = execFileSync('git', [`--git-dir=${dir}`, ...write], options)
      .toString()
      .trim();
    const content = { tree: tree as typeof base, parents: [base], author: BOT, committer: BOT };
    const hostile = await scratch.clone.commitTree({ ...content, message: 'hostile\n' });

    const plan = { onto, commits: [hostile], committerDate: BOT.date };
    expect(await scratch.clone.pick(plan)).toMatchObject({ kind: 'invalid', commit: hostile });
  });
});

describe('opening the clones', () => {
  it('needs git', async () => {
    await using scratch = await aScratch();
    expect(scratch.clones.version.text).toMatch(/^\d+\.\d+/);
    const identity = { name: 'Bot', email: 'bot@acme.test' };
    const bad = openClones({ root: join(scratch.folder, 'askpass', '\0'), identity });
    await expect(bad).rejects.toThrow();
  });
});
