import type { NewCommit } from './git.ts';
import type { Json } from './people.ts';
import type { Login, RepositoryView, StoryView } from './view.ts';

/** A pull request of a story: what people and CI do with it, and what must be true of it. */
export class TestPull {
  readonly repository: RepositoryView;
  readonly number: number;
  readonly #story: StoryView;
  readonly #by: Login;
  readonly #branch: string;
  #read = 0;

  constructor(
    story: StoryView,
    repository: RepositoryView,
    { number, by, branch }: { number: number; by: Login; branch: string },
  ) {
    this.#story = story;
    this.repository = repository;
    this.number = number;
    this.#by = by;
    this.#branch = branch;
  }

  get name(): string {
    return `${this.repository.fullName}#${this.number}`;
  }

  get path(): string {
    return `${this.repository.path}/pulls/${this.number}`;
  }

  get #issue(): string {
    return `${this.repository.path}/issues/${this.number}`;
  }

  // ---- people and CI do

  /** A comment, by the reviewer unless told otherwise. `r+` alone is addressed to the bot. */
  async comment(body: string, by: Login = 'rita'): Promise<void> {
    const text = body.includes('\n') || body.startsWith('@') ? body : `@stagecoach ${body}`;
    await this.#story.as(by).post(`${this.#issue}/comments`, { body: text });
  }

  passes(context?: string): Promise<void> {
    return this.reports('success', context);
  }

  fails(context?: string): Promise<void> {
    return this.reports('failure', context);
  }

  async reports(
    state: 'success' | 'failure' | 'pending' | 'error',
    context = 'ci/test',
  ): Promise<void> {
    const head = await this.head();
    const body = { state, context, target_url: `http://ci.test/${head.slice(0, 7)}` };
    await this.#story.as('ci').post(`${this.repository.path}/statuses/${head}`, body);
  }

  /** Its author, or somebody else with the right, pushes on top. */
  async push(commits: readonly NewCommit[], by: Login = this.#by): Promise<string> {
    const gh = await this.github();
    const owner = gh.head.user.login as string;
    const branch = this.#branch || (gh.head.ref as string);
    return this.repository.pushCommits({ by, owner, branch, from: null, commits });
  }

  async close(by: Login = this.#by): Promise<void> {
    await this.#story.as(by).patch(this.path, { state: 'closed' });
  }

  async reopen(by: Login = this.#by): Promise<void> {
    await this.#story.as(by).patch(this.path, { state: 'open' });
  }

  async edit(change: { title?: string; body?: string; base?: string }): Promise<void> {
    await this.#story.as(this.#by).patch(this.path, change);
  }

  // ---- what must be true

  github(): Promise<Json> {
    return this.#story.as('root').get(this.path);
  }

  /** The bot's own view (contract 4). */
  info(): Promise<Json> {
    return this.#story.api('GET', `/api/pulls/${this.repository.fullName}/${this.number}`);
  }

  async state(): Promise<string> {
    return (await this.info()).state as string;
  }

  async head(): Promise<string> {
    return (await this.github()).head.sha as string;
  }

  async target(): Promise<string> {
    return (await this.github()).base.ref as string;
  }

  async isClosed(): Promise<boolean> {
    return (await this.github()).state === 'closed';
  }

  async labels(): Promise<string[]> {
    const labels = (await this.#story.as('root').get(`${this.#issue}/labels`)) as {
      name: string;
    }[];
    return labels.map((label) => label.name).sort();
  }

  async files(): Promise<Record<string, string>> {
    const { head } = await this.github();
    return this.repository.files(head.ref as string, head.user.login as string);
  }

  /** The bot's comments since the last read, without their hidden markers and the link to the page. */
  async said(): Promise<string[]> {
    const all = (await this.#story
      .as('root')
      .get(`${this.#issue}/comments?per_page=100`)) as Json[];
    const bots = all
      .filter((one) => one.user.login === 'stagecoach')
      .map((one) => one.body as string);
    const fresh = bots.slice(this.#read);
    this.#read = bots.length;
    return fresh
      .filter((text) => !text.includes('<!-- stagecoach:created/'))
      .map((text) => text.replace(/\s*<!-- stagecoach:[^>]*-->\s*$/, ''));
  }

  /** Reactions on the last comment of somebody. */
  async reactions(): Promise<string[]> {
    const all = (await this.#story
      .as('root')
      .get(`${this.#issue}/comments?per_page=100`)) as Json[];
    const last = all.filter((one) => one.user.login !== 'stagecoach').at(-1);
    const path = `${this.repository.path}/issues/comments/${String(last?.id)}/reactions`;
    const reactions = (await this.#story.as('root').get(path)) as { content: string }[];
    return reactions.map((one) => one.content);
  }
}
