import { readFileSync } from 'node:fs';
import { exitOf } from './cli/exit.ts';
import { createProgram } from './cli/program.ts';
import { parts } from './parts.ts';

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

try {
  await createProgram(parts, version()).parseAsync();
} catch (error) {
  const { text, exitCode } = exitOf(error);
  process.stderr.write(text);
  process.exitCode = exitCode;
}
