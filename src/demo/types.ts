/** A person of the demo. */
export type Login = 'root' | 'alice' | 'rita' | 'ci' | 'stagecoach';

/** The running demo: a GitHub, a bot, and people who talk to the first. */
export interface DemoWorld {
  readonly folder: string;
  /** Address of the simulator. */
  readonly github: string;
  /** Address of the bot. */
  readonly bot: string;
  /** A commit of the imported history, whose parent is where branch 17.0 stands. */
  readonly change: {
    readonly sha: string;
    readonly subject: string;
    /** False in a clone without enough history: it was made of its newest commit. */
    readonly isOriginal: boolean;
  };
  /** Calls GitHub as somebody. */
  readonly as: <T>(login: Login, method: string, path: string, body?: unknown) => Promise<T>;
  /** Address of a repository for git, with somebody's token in it. */
  readonly remote: (login: Login, repository: string) => string;
  readonly stop: () => Promise<void>;
}
