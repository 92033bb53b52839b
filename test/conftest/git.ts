import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What people's own git does in a story: fixed identity, nothing of the machine's settings. */
const ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Alice',
  GIT_AUTHOR_EMAIL: 'alice@acme.test',
  GIT_COMMITTER_NAME: 'Alice',
  GIT_COMMITTER_EMAIL: 'alice@acme.test',
  LC_ALL: 'C',
  GIT_CONFIG_COUNT: '1', // no process more after each fetch, to find that nothing needs packing
  GIT_CONFIG_KEY_0: 'maintenance.auto',
  GIT_CONFIG_VALUE_0: 'false',
};

/** Runs git in a folder and gives its output without the last line end. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd, env: ENVIRONMENT, maxBuffer: 1 << 26 });
  return stdout.replace(/\n$/, '');
}

/** Files by path; null deletes. */
export type Files = Readonly<Record<string, string | null>>;

/** One commit to make. */
export interface NewCommit {
  readonly message: string;
  readonly files: Files;
  /** `Name <e-mail>`; Alice when left out. */
  readonly author?: string;
  /** A branch of the repository that it merges; what comes from there has to be in `files`. */
  readonly merges?: string;
}

/** Makes commits without a work tree, one spawn for all of them. */
export async function fastImport(
  repository: string,
  branches: readonly { name: string; from: string | null; commits: readonly NewCommit[] }[],
): Promise<void> {
  const script = branches.flatMap(({ name, from, commits }) =>
    commits.map((commit, n) => importCommit({ name, from: n === 0 ? from : null, commit })),
  );
  const child = run('git', ['fast-import', '--quiet', '--force', '--done'], {
    cwd: repository,
    env: ENVIRONMENT,
  });
  child.child.stdin?.end(`${script.join('')}done\n`);
  await child;
}

let second = 1_700_000_000; // fixed start: same story, same shas, apart from what the bot dates itself

function importCommit(given: { name: string; from: string | null; commit: NewCommit }): string {
  const { name, from, commit } = given;
  const date = `${second++} +0000`;
  const who = `Alice <alice@acme.test> ${date}`;
  const author = commit.author === undefined ? who : `${commit.author} ${date}`;
  const changes = Object.entries(commit.files).map(([path, content]) =>
    content === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(content)}`,
  );
  return [
    `commit refs/heads/${name}\n`,
    `author ${author}\ncommitter ${who}\n`,
    data(commit.message),
    from === null ? '' : `from ${from}\n`,
    commit.merges === undefined ? '' : `merge refs/base/${commit.merges}\n`,
    ...changes,
    '\n',
  ].join('');
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
