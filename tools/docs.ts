import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { renderCommands } from './document-commands.ts';
import { renderCrons } from './document-crons.ts';
import { renderMessages } from './document-messages.ts';
import { renderSchema } from './dump-schema.ts';

/** A document that is printed from the code, never written by hand. */
interface GeneratedDocument {
  readonly file: string;
  readonly render: () => string | Promise<string>;
}

/** All of them. A new one is a line here. */
const DOCUMENTS: readonly GeneratedDocument[] = [
  { file: 'docs/COMMANDS.md', render: renderCommands },
  { file: 'docs/CRONS.md', render: renderCrons },
  { file: 'docs/MESSAGES.md', render: renderMessages },
  { file: 'docs/SCHEMA.sql', render: renderSchema },
];

const root = dirname(import.meta.dirname);

async function write({ file, render }: GeneratedDocument): Promise<void> {
  const path = join(root, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await render());
}

/** @returns the first line that differs, or nothing when the file is up to date. */
async function findDifference({ file, render }: GeneratedDocument): Promise<string | undefined> {
  const written = (await readFile(join(root, file), 'utf8').catch(() => '')).split('\n');
  const wanted = (await render()).split('\n');
  const at = wanted.findIndex((line, i) => line !== written[i]);
  if (at === -1 && wanted.length === written.length) return undefined;
  return `${file}:${(at === -1 ? wanted.length : at) + 1} is out of date: run npm run docs`;
}

async function check(): Promise<void> {
  for (const document of DOCUMENTS) {
    const difference = await findDifference(document);
    if (difference === undefined) continue;
    console.error(difference);
    process.exitCode = 1;
  }
}

const [option, ...rest] = process.argv.slice(2);
if (rest.length > 0 || (option !== undefined && option !== '--check')) {
  console.error('usage: docs.ts [--check]');
  process.exitCode = 2;
} else if (option === '--check') await check();
else for (const document of DOCUMENTS) await write(document);
