import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { type CommandResult, stagecoach } from '../../conftest/cli.ts';
import { git } from '../../conftest/git.ts';
import type { TestPull } from '../../conftest/pull.ts';
import { aStory, type Story } from '../../conftest/story.ts';

const commits = [
  { message: 'Add g\n\nSigned-off-by: Alice <alice@acme.test>', files: { g: 'g\n' } },
  { message: 'Fix f', files: { f: 'fixed\n' } },
  { message: 'Drop the hinge', files: { hinge: null } },
  { message: 'Add h', files: { h: 'h\n' } },
];

/** Four commits landed on 17.0; on master the second conflicts, and nothing is left of the third. */
async function aConflict(story: Story) {
  const app = story.repository();
  await app.commit('17.0', { hinge: 'hinge\n' });
  await app.commit('master', { f: 'other\n' });
  const pull = await app.pullRequest({ onto: '17.0', name: "fix';$(touch${IFS}x)", commits });
  await pull.passes();
  await pull.comment('rebase-ff r+');
  await story.settle();
  await app.branch('staging.17.0').passes();
  await story.settle();
  const [port] = await app.ports();
  story.ignoreComments();
  return { pull, port: port! };
}

/** A clone as people have it, and the commands they type in it. */
async function aClone(story: Story, port: TestPull) {
  const folder = join(story.folder, 'alice');
  mkdirSync(folder);
  const url = story.sim.replace('://', '://x:tok-rita@');
  await git(folder, 'clone', '--quiet', `${url}/acme/app.git`, 'app');
  const dir = join(folder, 'app');
  await git(dir, 'config', 'user.name', 'Rita');
  await git(dir, 'config', 'user.email', 'rita@acme.test');
  const env = {
    STAGECOACH_URL: story.bot.url,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const replay = (...args: string[]): Promise<CommandResult> =>
    stagecoach(['forwardport', 'replay', '--dir', dir, ...args], env);
  return {
    dir,
    run: (...args: string[]) => git(dir, ...args),
    write: (path: string, text: string) => writeFileSync(join(dir, path), text),
    read: (path: string) => readFileSync(join(dir, path), 'utf8'),
    begin: () => replay(port.name),
    goOn: () => replay('--continue'),
    abort: () => replay('--abort'),
  };
}

describe('stagecoach forwardport replay', () => {
  it('keeps the series of a conflict solved by hand, and the bot takes what is pushed', async () => {
    await using story = await aStory({ branches: ['17.0', 'master'] });
    const { pull, port } = await aConflict(story);
    expect((await port.said()).join('\n')).toContain(`stagecoach forwardport replay ${port.name}`);
    const clone = await aClone(story, port);

    const begun = await clone.begin();
    expect(begun).toMatchObject({ code: 1, stderr: '' }); // as git says it: there is something to do
    expect(begun.stdout).toMatch(/commit 2 of 4, [0-9a-f]{12} Fix f\nconflicts on master/);
    expect(clone.read('f')).toMatch(/<<<<<<< [^]*other\n[^]*fixed\n>>>>>>> /);
    expect(await clone.goOn()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('still in conflict: f'),
    });
    await clone.run('add', 'f');
    expect((await clone.goOn()).stderr).toContain('markers are left in f');
    clone.write('f', 'solved\n');
    await clone.run('add', 'f');

    const emptied = await clone.goOn();
    expect(emptied.stdout).toMatch(/commit 3 of 4[^]*changes nothing on master/);
    const done = await clone.goOn();
    expect(done.stdout).toMatch(/is left out[^]*all 4 commits/);
    expect([emptied.code, done.code]).toEqual([1, 0]);

    const line = /^ {2}(git push .*)$/m.exec(done.stdout)?.[1] ?? '';
    await promisify(execFile)('sh', ['-c', line], { cwd: clone.dir });
    expect(await clone.run('status', '--porcelain')).toBe('');
    await story.settle();
    expect(await port.labels()).toEqual(['forwardport']);
    expect(await port.files()).toMatchObject({ f: 'solved', g: 'g', h: 'h' });
    const landed = (await pull.info()).merged_sha as string;
    const told = await clone.run('log', '--reverse', '--format=%an/%cn %B%x1e', 'origin/master..');
    const [g, f, h] = told.split('\x1e').map((text) => text.trim());
    expect(g).toMatch(
      /^Alice\/Rita Add g\n\nOriginal-signed-off-by: Alice <.*>\nX-original-commit: [0-9a-f]{40}$/,
    );
    expect(f).toMatch(/^Alice\/Rita Fix f\n\nX-original-commit: [0-9a-f]{40}$/);
    expect(h).toContain(`X-original-commit: ${landed}`);

    await port.passes();
    await port.comment('rebase-ff r+');
    await story.settle();
    await story.repository().branch('staging.master').passes();
    await story.settle();
    expect(await port.state()).toBe('merged');
  });

  it('touches nothing where work is in the way, and can be given up', async () => {
    await using story = await aStory({ branches: ['17.0', 'master'] });
    const { pull, port } = await aConflict(story);
    const clone = await aClone(story, port);
    expect(await clone.goOn()).toMatchObject({ code: 1, stderr: 'no replay is under way here\n' });
    clone.write('f', 'unsaved\n');
    expect((await clone.begin()).stderr).toContain('holds work that is not committed');
    await clone.run('checkout', 'f');
    await clone.begin();
    expect((await clone.begin()).stderr).toContain('is under way here');

    // solved with a message of one's own: the origin is named all the same
    clone.write('f', 'solved\n');
    await clone.run('commit', '--quiet', '--all', '--message', 'Mine');
    await clone.goOn();
    expect(await clone.run('log', '-1', '--format=%s/%an %b')).toMatch(
      /^Mine\/Alice X-original-commit: [0-9a-f]{40}\n?$/,
    );
    const aborted = await clone.abort();
    expect(aborted.stdout).toContain('you are on master again');
    expect(await clone.run('branch', '--format=%(refname:short)')).toBe('master');

    await port.push([{ message: 'Solve it', files: { f: 'solved\n' } }], 'stagecoach');
    await story.settle();
    expect((await clone.begin()).stderr).toContain('somebody has changed');
    const url = `/api/forwardports/${pull.name.replace('#', '/')}`;
    await expect(story.api('GET', url)).rejects.toThrow('404');
  });
});
