import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { fastImport, type Files, git, type NewCommit } from './git.ts';
import type { Json } from './people.ts';
import { TestPull } from './pull.ts';
import type { Login, RepositoryView, StoryView } from './view.ts';

/** A pull request to open. */
export interface NewPull {
  readonly onto?: string;
  /** Name of the head branch. */
  readonly name?: string;
  readonly title?: string;
  readonly body?: string;
  readonly by?: Login;
  /** One commit that makes these changes; `commits` for several. */
  readonly adds?: Files;
  readonly commits?: readonly NewCommit[];
  readonly draft?: boolean;
}

/** Lines that every branch shares, so that changes in different places merge. */
const TEXT = Array.from({ length: 30 }, (_, n) => `line ${n + 1}\n`).join('');

let counter = 0;

/** Where a history that shares nothing with any other starts. */
export const NOTHING = Symbol('nothing');

/** A repository at the simulated GitHub, and the clone people work in. */
export class TestRepository implements RepositoryView {
  readonly name: string;
  readonly branches: readonly string[];
  /** Those the story has met: their comments must be read before its end. */
  readonly pulls: TestPull[] = [];
  readonly #story: StoryView;
  readonly #clone: string;
  readonly #forked = new Set<string>();

  constructor(story: StoryView, name: string, branches: readonly string[]) {
    this.#story = story;
    this.name = name;
    this.branches = branches;
    this.#clone = join(story.folder, 'people', `${name}.git`);
  }

  get fullName(): string {
    return `acme/${this.name}`;
  }

  get path(): string {
    return `/repos/${this.fullName}`;
  }

  /** At GitHub, with each branch one commit on from the one before: `f` on the first, `<branch>.txt` on each. */
  async create(): Promise<void> {
    const root = this.#story.as('root');
    await root.post('/orgs/acme/repos', { name: this.name });
    for (const [login, permission] of [
      ['stagecoach', 'admin'],
      ['ci', 'push'],
      ['rita', 'push'],
    ]) {
      await root.put(`${this.path}/collaborators/${login ?? ''}`, { permission });
    }
    mkdirSync(this.#clone, { recursive: true });
    await git(this.#clone, 'init', '--quiet', '--bare', '--template=');
    const branches = this.branches.map((name, n) => ({
      name,
      from: n === 0 ? null : `refs/heads/${this.branches[n - 1] ?? ''}`,
      commits: [
        {
          message: `Start ${name}`,
          files: { ...(n === 0 ? { f: TEXT } : {}), [`${name}.txt`]: `${name}\n` },
        },
      ],
    }));
    await fastImport(this.#clone, branches);
    await this.#push(
      'root',
      'acme',
      this.branches.map((name) => `refs/heads/${name}:refs/heads/${name}`),
    );
  }

  /** A branch at GitHub. */
  branch(name: string): TestBranch {
    return new TestBranch(this.#story, this, name);
  }

  /** Opens a pull request from a fork of its author. */
  async pullRequest(plan: NewPull = {}): Promise<TestPull> {
    const by = plan.by ?? 'alice';
    counter += 1;
    const branch = plan.name ?? `change-${counter}`;
    const onto = plan.onto ?? 'master';
    const title = plan.title ?? `Change ${branch}`;
    const commits = plan.commits ?? [
      { message: title, files: plan.adds ?? { [branch]: `${branch}\n` } },
    ];
    await this.#fork(by);
    await this.pushCommits({ by, branch, from: onto, commits });
    const opened = (await this.#story.as(by).post(`${this.path}/pulls`, {
      title,
      body: plan.body ?? '',
      head: `${by}:${branch}`,
      base: onto,
      draft: plan.draft ?? false,
    })) as { number: number };
    return this.#meet(new TestPull(this.#story, this, { number: opened.number, by, branch }));
  }

  /** A pull request by number, for what the bot opened. */
  pull(number: number): TestPull {
    const known = this.pulls.find((one) => one.number === number);
    const plan = { number, by: 'stagecoach', branch: '' } as const;
    return known ?? this.#meet(new TestPull(this.#story, this, plan));
  }

  #meet(pull: TestPull): TestPull {
    this.pulls.push(pull);
    return pull;
  }

  /** Commits on top of a branch of the repository itself, as somebody with the right to push does. */
  async commit(branch: string, files: Files, message = 'Direct change'): Promise<string> {
    await this.#fetch('acme', branch, `refs/direct/${branch}`);
    const name = `direct-${branch}`;
    await fastImport(this.#clone, [
      { name, from: `refs/direct/${branch}`, commits: [{ message, files }] },
    ]);
    await this.#push('root', 'acme', [`refs/heads/${name}:refs/heads/${branch}`]);
    return git(this.#clone, 'rev-parse', `refs/heads/${name}`);
  }

  /** Pushes commits to somebody's fork, from a branch of the repository, on top of what is there, or from nothing. */
  async pushCommits(plan: {
    by: string;
    branch: string;
    from: string | null | typeof NOTHING;
    commits: readonly NewCommit[];
    owner?: string;
  }): Promise<string> {
    const { by, branch, from, commits, owner = by } = plan;
    const local = `${owner}/${branch}`;
    const base = await this.#fetchBase({ owner, branch, from });
    for (const { merges } of commits)
      if (merges !== undefined) await this.#fetch('acme', merges, `refs/base/${merges}`);
    await fastImport(this.#clone, [{ name: local, from: base, commits }]);
    await this.#push(by, owner, [`+refs/heads/${local}:refs/heads/${branch}`]);
    return git(this.#clone, 'rev-parse', `refs/heads/${local}`);
  }

  async #fetchBase(plan: { owner: string; branch: string; from: string | null | typeof NOTHING }) {
    const { owner, branch, from } = plan;
    if (from === NOTHING) return null;
    const base = from === null ? `refs/theirs/${owner}/${branch}` : `refs/base/${from}`;
    await (from === null ? this.#fetch(owner, branch, base) : this.#fetch('acme', from, base));
    return base;
  }

  /** Head of a branch at GitHub, or null. */
  async head(branch: string): Promise<string | null> {
    const out = await git(
      this.#clone,
      'ls-remote',
      this.#url('root', 'acme'),
      `refs/heads/${branch}`,
    );
    return out.split('\t')[0] || null;
  }

  /** Files of a branch: contents by path. */
  async files(branch: string, owner = 'acme'): Promise<Record<string, string>> {
    await this.#fetch(owner, branch, 'refs/seen/files');
    const listed = await git(this.#clone, 'ls-tree', '-r', '-z', '--name-only', 'refs/seen/files');
    const files: Record<string, string> = {};
    for (const path of listed.split('\0').filter(Boolean)) {
      files[path] = await git(this.#clone, 'show', `refs/seen/files:${path}`);
    }
    return files;
  }

  /** Messages of the commits of a branch since another one, newest first. */
  async messages(branch: string, since: string): Promise<string[]> {
    await this.#fetch('acme', branch, 'refs/seen/log');
    const what = ['--topo-order', '--format=%B%x1e'];
    const out = await git(this.#clone, 'log', ...what, `${since}..refs/seen/log`);
    return out
      .split('\x1e')
      .map((text) => text.trim())
      .filter(Boolean);
  }

  /** History of a branch since a commit, drawn by git: newest on top, subjects only, `o` where it began. */
  async graph(branch: string, since: string): Promise<string> {
    await this.#fetch('acme', branch, 'refs/seen/log');
    const what = ['--graph', '--boundary', '--topo-order', '--format=%s'];
    const out = await git(this.#clone, 'log', ...what, `${since}..refs/seen/log`);
    return out.replaceAll(/ +$/gm, '');
  }

  /** What git says of the last commit of a branch, by its format letters. */
  async show(branch: string, format: string): Promise<string> {
    await this.#fetch('acme', branch, 'refs/seen/one');
    return git(this.#clone, 'log', '-1', `--format=${format}`, 'refs/seen/one');
  }

  /** Open pull requests the bot made, oldest first. */
  async ports(): Promise<TestPull[]> {
    const all = (await this.#story
      .as('root')
      .get(`${this.path}/pulls?state=open&per_page=100`)) as Json[];
    return all
      .filter((one) => (one.head.ref as string).endsWith('-fw'))
      .map((one) => this.pull(one.number as number))
      .sort((one, other) => one.number - other.number);
  }

  /** Every change of a ref, oldest first: what really happened. */
  async refLog(ref: string): Promise<{ from: string; to: string; forced: boolean }[]> {
    const all = await this.#story.control('GET', '/_sim/refs-log');
    const items = (Array.isArray(all) ? all : all.items) as Json[];
    return items.filter((one) => one.repository === this.fullName && one.ref === ref);
  }

  async #fork(login: Login): Promise<void> {
    if (this.#forked.has(login)) return;
    this.#forked.add(login);
    await this.#story.as(login).post(`${this.path}/forks`, {});
  }

  #url(login: string, owner: string): string {
    const url = new URL(this.#story.sim);
    url.username = 'x';
    url.password = `tok-${login}`;
    url.pathname = `/${owner}/${this.name}.git`;
    return url.href;
  }

  #fetch(owner: string, branch: string, into: string): Promise<string> {
    return git(
      this.#clone,
      'fetch',
      '--quiet',
      '--force',
      this.#url('root', owner),
      `refs/heads/${branch}:${into}`,
    );
  }

  #push(login: string, owner: string, refspecs: string[]): Promise<string> {
    return git(this.#clone, 'push', '--quiet', this.#url(login, owner), ...refspecs);
  }
}

/** A branch of the repository, as CI and people see it. */
export class TestBranch {
  readonly #story: StoryView;
  readonly #repository: TestRepository;
  readonly name: string;

  constructor(story: StoryView, repository: TestRepository, name: string) {
    this.#story = story;
    this.#repository = repository;
    this.name = name;
  }

  head(): Promise<string | null> {
    return this.#repository.head(this.name);
  }

  /** CI reports on its head. */
  async reports(
    state: 'success' | 'failure' | 'pending' | 'error',
    context = 'ci/test',
  ): Promise<void> {
    const head = await this.head();
    if (head === null) throw new Error(`${this.name} does not exist in ${this.#repository.name}`);
    const body = { state, context, target_url: `http://ci.test/${head.slice(0, 7)}` };
    await this.#story.as('ci').post(`${this.#repository.path}/statuses/${head}`, body);
  }

  passes(context?: string): Promise<void> {
    return this.reports('success', context);
  }

  fails(context?: string): Promise<void> {
    return this.reports('failure', context);
  }
}
