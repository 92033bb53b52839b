import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { it } from '@jest/globals';
import tmp from 'tmp';

/** Where Chromium is on this machine, if it is. */
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (file) => existsSync(file),
);

/** A test in a browser: skipped, and reported so, where there is none. Its name says why. */
export const inBrowser = CHROMIUM === undefined ? it.skip : it;

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  '--remote-debugging-pipe', // DevTools protocol on file descriptors 3 and 4, messages end with NUL
];
const PATIENCE_MS = 15_000;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: Record<string, unknown>;
  readonly params?: Record<string, unknown>;
}

/** A page in a real browser. */
export interface Tab {
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
  /** Waits until an expression is true. @throws when it never is. */
  until(expression: string): Promise<void>;
  /** What the browser complained about: errors, refused scripts and styles. */
  readonly complaints: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens an address in a browser of its own. */
export async function aTab(url: string): Promise<Tab> {
  const folder = tmp.dirSync({ prefix: 'stagecoach-browser-', unsafeCleanup: true });
  const child = spawn(CHROMIUM ?? 'no-browser', [...FLAGS, `--user-data-dir=${folder.name}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const complaints: string[] = [];
  const send = speak(child.stdio[3] as Writable, child.stdio[4] as Readable, (message) => {
    if (message.method === 'Log.entryAdded' || message.method === 'Runtime.exceptionThrown')
      complaints.push(JSON.stringify(message.params));
  });
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const inPage = (method: string, params: object = {}) => send(method, params, String(sessionId));
  await inPage('Runtime.enable');
  await inPage('Log.enable');
  await inPage('Page.navigate', { url });
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result } = await inPage('Runtime.evaluate', { expression, returnByValue: true });
    return (result as { value?: unknown }).value;
  };
  return {
    evaluate,
    complaints,
    async until(expression) {
      const end = Date.now() + PATIENCE_MS;
      while (Date.now() < end) {
        if ((await evaluate(expression)) === true) return;
        await pause(50);
      }
      throw new Error(`never true in the page: ${expression}; ${complaints.join(' ')}`);
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => child.once('close', resolve));
      void send('Browser.close', {}); // its children end too: killed, they would go on writing into the folder
      await closed;
      rmSync(folder.name, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    },
  };
}

type Send = (
  method: string,
  params: object,
  sessionId?: string,
) => Promise<Record<string, unknown>>;

/** Calls and answers of the DevTools protocol, matched by their number. */
function speak(input: Writable, output: Readable, hear: (message: Message) => void): Send {
  const waiting = new Map<number, (result: Record<string, unknown>) => void>();
  let rest = '';
  let last = 0;
  output.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id === undefined) hear(message);
      else waiting.get(message.id)?.(message.result ?? {});
    }
  });
  return (method, params, sessionId) =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      input.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
    });
}
