import type { Server } from 'node:http';
import type { Logger } from '../lib/log.ts';

const MOST_CONNECTIONS = 1000;
const SAID_AGAIN_MS = 60_000;

/**
 * Keeps callers from taking all file descriptors: git, GitHub and PostgreSQL need some, or a landing stands still half-way
 * (reliability F-114). Who comes when the house is full is sent away at once; the log says so, once a minute at most.
 */
export function limitConnections(server: Server, log: Logger): void {
  const most = Math.min(MOST_CONNECTIONS, Math.floor(mostFiles() / 2));
  let saidAt = -Infinity;
  server.maxConnections = most;
  server.on('drop', () => {
    if (performance.now() - saidAt < SAID_AGAIN_MS) return;
    saidAt = performance.now();
    log.warn({ most }, 'too many connections: who comes now is sent away');
  });
}

/** How many files and sockets this process may have open; Node has raised it as far as it may. */
function mostFiles(): number {
  // the types of Node do not know it yet; without it the report asks DNS for the names of who is connected, and waits
  Reflect.set(process.report, 'excludeNetwork', true);
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files?: { soft: number | string } };
  };
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : Infinity;
}
