import { systemClock } from '../clock.ts';
import { LogPipe } from './pipe.ts';

let opened: LogPipe | null = null;

/** Standard output as the log writes to it. What a slow reader has not taken yet goes out when the process ends. */
export function standardOutput(): LogPipe {
  if (opened === null) {
    // by being asked for, process.stdout makes a pipe or socket one that does not block (libuv: uv_pipe_open)
    const pipe = new LogPipe(process.stdout.fd, tellOfHole);
    process.on('exit', () => pipe.end());
    opened = pipe;
  }
  return opened;
}

/** Lines of this process's log that nobody will read: their reader was too slow, or gone. */
export function droppedLines(): number {
  return opened?.dropped ?? 0;
}

/** Spelled like a line of pino's, at level `warn`: it must not go through the log, which is what it tells of. */
function tellOfHole(dropped: number): string {
  const msg = 'lines of this log were dropped here: nobody read them';
  return `${JSON.stringify({ level: 40, time: systemClock.now().getTime(), dropped, msg })}\n`;
}
