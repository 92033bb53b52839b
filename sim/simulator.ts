import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCi } from './ci/ci.ts';
import { importRepository } from './control/import.ts';
import { createHttpServer } from './http/server.ts';
import type { Observer } from './observer.ts';
import { Sim } from './sim.ts';

/** How a simulator is to run; everything may be left out. */
export interface SimulatorOptions {
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  readonly host?: string;
  /** Folder for the git repositories; left out, a temporary one that goes at the end. */
  readonly data?: string;
  /** File with a world to begin with: `{users, repositories, …}`, see the README. */
  readonly seed?: string;
  /** The address it gives itself in answers and pages: where a proxy leads to it. Left out, the one it listens on. */
  readonly url?: string;
  readonly imports?: readonly { readonly dir: string; readonly name: string }[];
  /** Hears of every REST answer and every webhook. */
  readonly observer?: Observer;
}

/** A running simulator. It is to be talked to over HTTP only. */
export interface Simulator {
  /** `http://host:port`, without a slash at the end. */
  readonly url: string;
  /** Ends it within a moment; calls on their way are cut. */
  close(): Promise<void>;
}

/** Starts a small GitHub in this process. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const temporary = options.data === undefined;
  const dir = options.data ?? mkdtempSync(join(tmpdir(), 'github-simulator-'));
  const sim = new Sim(dir, options.observer);
  const host = options.host ?? '127.0.0.1';
  const server = createHttpServer(sim);
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  sim.url = options.url?.replace(/\/$/, '') ?? url;
  startCi(sim);
  if (options.seed !== undefined) {
    const { plantSeed } = await import('./control/seed.ts');
    await plantSeed(sim, readSeed(options.seed));
  }
  for (const one of options.imports ?? []) await importRepository(sim, one);
  return {
    url,
    async close() {
      sim.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      if (temporary) rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function readSeed(file: string): unknown {
  if (!existsSync(file)) throw new Error(`no seed file ${file}`);
  return JSON.parse(readFileSync(file, 'utf8')) as unknown;
}
