import { parseArgs } from 'node:util';
import { startSimulator } from './simulator.ts';

const USAGE = `github-simulator --port N [--host 127.0.0.1] [--data DIR] [--seed FILE.json]
                 [--url URL] [--import DIR=OWNER/NAME]…

A small GitHub on this machine: REST, GraphQL, git over HTTP, webhooks and pages.
Port 0 takes a free one; the address is printed when it is ready.`;

function options() {
  return parseArgs({
    options: {
      port: { type: 'string', default: '8400' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
      seed: { type: 'string' },
      url: { type: 'string' },
      import: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  }).values;
}

async function main(): Promise<void> {
  const given = options();
  if (given.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const port = Number(given.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`bad port ${given.port}`);
  const simulator = await startSimulator({
    port,
    host: given.host,
    ...(given.data === undefined ? {} : { data: given.data }),
    ...(given.seed === undefined ? {} : { seed: given.seed }),
    ...(given.url === undefined ? {} : { url: given.url }),
    imports: given.import.map(asImport),
  });
  const stop = (): void => {
    void simulator.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Last, so that whoever reads it may send a signal at once.
  process.stdout.write(`listening on ${simulator.url}\n`);
}

function asImport(text: string): { dir: string; name: string } {
  const match = /^(.+)=([^=/]+\/[^=/]+)$/.exec(text);
  if (!match?.[1] || !match[2]) throw new Error(`--import wants DIR=OWNER/NAME, not ${text}`);
  return { dir: match[1], name: match[2] };
}

try {
  await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  if (isTaken(error))
    process.stderr.write(`${message}\nChoose another --port; 0 takes a free one.\n`);
  else process.stderr.write(`${message}\n\n${USAGE}\n`);
  process.exitCode = isTaken(error) ? 1 : 2;
}

/** The options are right; somebody else listens there. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
