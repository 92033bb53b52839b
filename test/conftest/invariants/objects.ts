import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The objects of all repositories at the simulated GitHub, read by plain git: nothing of the bot's own code judges it. */
export class Objects {
  readonly #folder: string;
  readonly #histories = new Map<string, Promise<Set<string>>>();

  /** @param folder where the simulator keeps its data. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Commits of `to` that `from` lacks, and the other way round; a fast-forward lacks none. */
  async between(from: string, to: string): Promise<{ gained: string[]; lost: string[] }> {
    const lines = await this.#lines('rev-list', '--left-right', `${from}...${to}`);
    const on = (side: string) =>
      lines.filter((line) => line.startsWith(side)).map((line) => line.slice(1));
    return { gained: on('>'), lost: on('<') };
  }

  /** All commits of a branch head. */
  history(tip: string): Promise<Set<string>> {
    const known = this.#histories.get(tip);
    if (known) return known;
    const read = this.#lines('rev-list', tip).then((lines) => new Set(lines));
    this.#histories.set(tip, read);
    return read;
  }

  /** Paths that differ between two commits. */
  changed(from: string, to: string): Promise<string[]> {
    return this.#lines('diff-tree', '-r', '-z', '--no-renames', '--name-only', from, to);
  }

  /** Paths that the commits of `head` which `base` lacks touch, one by one. */
  async touched(base: string, head: string): Promise<Set<string>> {
    const range = `${base}..${head}`;
    const format = ['-m', '--first-parent', '--no-renames', '--name-only', '--format=', '-z'];
    return new Set(await this.#lines('log', ...format, range));
  }

  /** Tree of a merge made anew; null where it does not merge cleanly, or has nothing in common to merge on. */
  merged(onto: string, head: string): Promise<string | null> {
    return this.#first('merge-tree', '--write-tree', onto, head);
  }

  /** Tree of a commit; null where GitHub has no such commit. */
  tree(commit: string): Promise<string | null> {
    return this.#first('rev-parse', '--verify', `${commit}^{tree}`);
  }

  async #first(...args: string[]): Promise<string | null> {
    const lines = await this.#lines(...args).catch((): string[] => []);
    return lines[0] ?? null;
  }

  /** Commits of a branch head as tree, author and message: what stays the same when dates differ. */
  async log(tip: string): Promise<string[]> {
    const format = '--format=%T %an <%ae> %B%x1e';
    const text = await this.#git('log', '--topo-order', format, tip);
    return text
      .split('\x1e')
      .map((one) => one.trim())
      .filter(Boolean);
  }

  async #lines(...args: string[]): Promise<string[]> {
    return (await this.#git(...args)).split(/[\n\0]/).filter(Boolean);
  }

  async #git(...args: string[]): Promise<string> {
    const networks = join(this.#folder, 'networks');
    const stores = readdirSync(networks).map((name) => join(networks, name));
    const scratch = join(this.#folder, 'judged'); // what merge-tree writes belongs to no repository
    mkdirSync(scratch, { recursive: true });
    const env = {
      PATH: process.env['PATH'] ?? '',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_OBJECT_DIRECTORY: scratch,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: stores.map((store) => join(store, 'objects')).join(':'),
      LC_ALL: 'C',
    };
    const dir = `--git-dir=${stores[0] ?? ''}`;
    const { stdout } = await run('git', [dir, ...args], { env, maxBuffer: 1 << 26 });
    return stdout;
  }
}
