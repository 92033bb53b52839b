import type { RunCluster } from './global-setup.ts';

/** Stops the run's PostgreSQL and removes its folder. */
export default async function globalTeardown(): Promise<void> {
  const { runCluster } = globalThis as typeof globalThis & { runCluster?: RunCluster };
  await runCluster?.postgres.stop();
  runCluster?.folder.removeCallback();
}
