import type { Json } from '../people.ts';
import type { Story } from '../story.ts';

/** CI of a story with faults: speaks once of each commit, red where a file called `bad` is in it, and green elsewhere. */
export class Ci {
  readonly #story: Story;
  readonly #spokenOf = new Set<string>();

  constructor(story: Story) {
    this.#story = story;
  }

  /** Speaks of all open pull requests. */
  async testPulls(): Promise<void> {
    for (const { path, fullName } of this.#story.repositories) {
      const open = (await this.#story
        .as('root')
        .get(`${path}/pulls?state=open&per_page=100`)) as Json[];
      for (const one of open) await this.#speak(fullName, one.head.sha as string, true);
    }
  }

  /** Speaks of what is on the `staging.` branches. */
  async testStagings(): Promise<void> {
    for (const repository of this.#story.repositories) {
      for (const branch of repository.branches) {
        const head = await repository.head(`staging.${branch}`);
        if (head === null) continue;
        const isGood = !('bad' in (await repository.files(`staging.${branch}`)));
        await this.#speak(repository.fullName, head, isGood);
      }
    }
  }

  async #speak(repository: string, head: string, isGood: boolean): Promise<void> {
    const key = `${repository} ${head}`;
    if (this.#spokenOf.has(key)) return;
    this.#spokenOf.add(key);
    const body = { state: isGood ? 'success' : 'failure', context: 'ci/test', target_url: null };
    await this.#story.as('ci').post(`/repos/${repository}/statuses/${head}`, body);
  }
}
