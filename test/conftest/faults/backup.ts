import { administer, CLUSTER_URL } from '../database.ts';
import type { MortalStory } from './mortal.ts';

/** A copy of the database of a story, to be put back later: what an operator does with an older back-up. */
export class Backup {
  readonly #name: string;

  private constructor(name: string) {
    this.#name = name;
  }

  /** The bot is stopped for it, and started again. */
  static async take(mortal: MortalStory): Promise<Backup> {
    const backup = new Backup(nameOf(mortal));
    await backup.#whileStopped(mortal, [
      `create database ${backup.#copy} template ${backup.#name} strategy file_copy`,
    ]);
    return backup;
  }

  /** Puts it back in place of what has become of the database since; the copy is used up. */
  async restore(mortal: MortalStory): Promise<void> {
    await this.#whileStopped(mortal, [
      `drop database ${this.#name} with (force)`,
      `alter database ${this.#copy} rename to ${this.#name}`,
    ]);
  }

  get #copy(): string {
    return `${this.#name}_copy`;
  }

  async #whileStopped(mortal: MortalStory, statements: readonly string[]): Promise<void> {
    await mortal.story.bot.stop();
    const cluster = process.env[CLUSTER_URL] ?? '';
    for (const sql of statements) await administer(cluster, sql);
    await mortal.reconfigure((config) => config);
  }
}

function nameOf({ story }: MortalStory): string {
  return new URL(story.config.database.url?.reveal() ?? '').pathname.slice(1);
}
