import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One start of git: what everybody on the machine could have read of it. */
export interface GitStart {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Command lines of all processes of the machine while a command talked to the remote; empty for the others. */
  readonly processes: string;
}

/** A git that notes how it is started, and then is the real one. */
export interface GitRecorder extends Disposable {
  readonly program: string;
  starts(): GitStart[];
}

/**
 * Makes one. The environment is read from the kernel, as it was handed over: a shell adds to its own. Commands that talk to
 * a remote are looked at from outside while they run, helpers of git included.
 */
export function recordGit(): GitRecorder {
  const folder = mkdtempSync(join(tmpdir(), 'stagecoach-git-'));
  const notes = join(folder, 'notes');
  mkdirSync(notes);
  const program = join(folder, 'git');
  const real = execFileSync('/bin/sh', ['-c', 'command -v git']).toString().trim();
  writeFileSync(program, script(real, notes));
  chmodSync(program, 0o755);
  return {
    program,
    starts: () =>
      readdirSync(notes)
        .filter((name) => name.endsWith('.argv'))
        .map((name) => readStart(join(notes, name.slice(0, -'.argv'.length)))),
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function script(real: string, notes: string): string {
  return `#!/bin/sh
note='${notes}'/$$
while [ -e "$note.argv" ]; do note="$note-"; done
cat /proc/$$/environ > "$note.env"
printf '%s\\0' "$@" > "$note.argv"
case " $* " in
  *' fetch '* | *' push '* | *' ls-remote '*)
    exec 3<&0 # a shell gives its background commands nothing to read
    '${real}' "$@" <&3 &
    child=$!
    while kill -0 $child 2>/dev/null; do
      cat /proc/[0-9]*/cmdline >> "$note.processes" 2>/dev/null
    done
    wait $child
    ;;
  *) exec '${real}' "$@" ;;
esac
`;
}

function readStart(note: string): GitStart {
  const parts = (name: string): string[] =>
    readFileSync(`${note}.${name}`, 'utf8')
      .split('\0')
      .filter((part) => part !== '');
  const env = Object.fromEntries(
    parts('env').map((line) => [
      line.slice(0, line.indexOf('=')),
      line.slice(line.indexOf('=') + 1),
    ]),
  );
  const argv = parts('argv');
  const isRemote = argv.some((word) => /^(?:fetch|push|ls-remote)$/.test(word));
  const processes = isRemote ? readFileSync(`${note}.processes`, 'latin1') : '';
  return { argv, env, processes };
}
