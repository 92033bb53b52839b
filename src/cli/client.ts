import { environment } from '../lib/config.ts';
import type { Config } from '../lib/config.ts';
import { errorCode, oneLine, UserError } from '../lib/errors.ts';
import { openLog, readConfig } from './config.ts';
import type { Api, Method, Parts } from './parts.ts';

const DEFAULT_URL = 'http://127.0.0.1:8300';
const ANSWER_MS = 30_000;

/** What came back of a call that was not refused. */
export interface Client {
  /** @throws UserError with the server's own words when it refuses. */
  ask<T>(method: Method, path: string, body?: object): Promise<T>;
  close(): Promise<void>;
}

/**
 * Finds the server: STAGECOACH_URL, else the address in the configuration file, else the usual one. With a
 * configuration file and nobody there, the database answers instead.
 */
export async function connect(parts: Parts, file: string | undefined): Promise<Client> {
  const { serverUrl } = environment();
  const config = file === undefined ? null : await readConfig(file);
  const url = serverUrl ?? (config ? listenAddress(config) : DEFAULT_URL);
  const reached = await reach(url);
  if (reached === null) return asClient(remote(url));
  if (config !== null && serverUrl === undefined)
    return asClient(await parts.openApi(config, { log: openLog(config, 'error') }));
  throw new UserError({ code: 'server-unreachable', url, detail: reached });
}

/** Where the server listens on this machine: `server.url` may lead through a proxy. */
function listenAddress({ server: { host, port } }: Config): string {
  const local = { '0.0.0.0': '127.0.0.1', '::': '[::1]', '::1': '[::1]' }[host] ?? host;
  return `http://${local}:${port}`;
}

/** @returns why nobody answers, or null when somebody does. */
async function reach(url: string): Promise<string | null> {
  try {
    await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5000) });
    return null;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return errorCode(cause) ?? oneLine(error);
  }
}

function remote(url: string): Api {
  const { apiToken } = environment();
  const headers = {
    'x-stagecoach-via': 'cli',
    ...(apiToken && { authorization: `Bearer ${apiToken.reveal()}` }),
  };
  return {
    async call(method, path, body) {
      const response = await fetch(url + path, {
        method,
        headers: body ? { ...headers, 'content-type': 'application/json' } : headers,
        ...(body && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      return { status: response.status, text: await response.text() };
    },
    close: () => Promise.resolve(),
  };
}

function asClient(api: Api): Client {
  return {
    async ask<T>(method: Method, path: string, body?: object): Promise<T> {
      const { status, text } = await api.call(method, path, body);
      const answer: unknown = text === '' ? null : JSON.parse(text);
      if (status < 300) return answer as T;
      throw new UserError({ code: 'refused', detail: words(answer) ?? `refused (${status})` });
    },
    close: () => api.close(),
  };
}

function words(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null || !('message' in answer)) return null;
  return typeof answer.message === 'string' ? answer.message : null;
}
