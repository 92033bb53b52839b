/** A terminal signals the whole group, and npm passes the signal on: within this time it is one wish, told twice. */
const ONE_WISH_MS = 1000;

/** Waits for SIGTERM or SIGINT. One that comes later on ends the process at once. */
export function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | null = null;
    const stop = (signal: NodeJS.Signals): void => {
      const now = performance.now();
      first ??= now;
      if (now - first > ONE_WISH_MS) process.exit(1);
      resolve(signal);
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  });
}
