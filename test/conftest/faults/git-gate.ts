import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './processes.ts';

/** Stands for git, and keeps a command waiting before it begins, for as long as the story likes. */
export class GitGate implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'stagecoach-git-gate-'));
  /** For `git.program` of the configuration. */
  readonly program = join(this.#folder, 'git-with-a-gate');
  readonly #shut = join(this.#folder, 'shut');
  readonly #reached = join(this.#folder, 'reached');

  /** @param command the one that is kept waiting: `rev-list`. */
  constructor(command: string) {
    const script = `#!/bin/sh
case " $* " in
*' ${command} '*)
  if [ -e '${this.#shut}' ]; then
    : > '${this.#reached}'
    while [ -e '${this.#shut}' ]; do sleep 0.02; done
  fi ;;
esac
exec git "$@"
`;
    writeFileSync(this.program, script, { mode: 0o755 });
  }

  shut(): void {
    rmSync(this.#reached, { force: true });
    writeFileSync(this.#shut, '');
  }

  /** Waits until a command stands before it. */
  async isReached(): Promise<void> {
    await until('git to come to its gate', () =>
      Promise.resolve(existsSync(this.#reached) ? true : null),
    );
  }

  open(): void {
    rmSync(this.#shut, { force: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
