import type { Command } from 'commander';
import { UserError } from '../lib/errors.ts';
import { connect } from './client.ts';
import type { Client } from './client.ts';
import { createOutput } from './output.ts';
import type { Output } from './output.ts';
import type { Parts } from './parts.ts';

/** Options that every command takes, wherever on the line they stand. */
interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** What a command that talks to the API works with. */
export interface Asking {
  readonly client: Client;
  readonly out: Output;
}

/** `--config` and the way out of a command. */
export function globalsOf(command: Command): { file: string | undefined; out: Output } {
  const { config, json } = command.optsWithGlobals<GlobalOptions>();
  return { file: config, out: createOutput(json === true) };
}

/** Runs a command against the API and lets go of it, whatever happens. */
export async function asking(
  parts: Parts,
  command: Command,
  work: (context: Asking) => Promise<void>,
): Promise<void> {
  const { file, out } = globalsOf(command);
  const client = await connect(parts, file);
  try {
    await work({ client, out });
  } finally {
    await client.close();
  }
}

/** A pull request as people write it. */
export interface PullName {
  readonly repository: string;
  readonly number: number;
}

/** Reads `owner/repo#12`, or the address of its page. @throws UserError with exit code 2. */
export function parsePull(text: string): PullName {
  const [, repository, number] =
    /^(?:https?:\/\/[^/]+\/)?([\w.-]+\/[\w.-]+)(?:#|\/pull\/)(\d{1,9})$/.exec(text) ?? [];
  if (repository === undefined || number === undefined)
    throw new UserError({ code: 'usage', detail: `${text}: expected OWNER/REPO#NUMBER` });
  return { repository, number: Number(number) };
}

/** Reads the id of a row. @throws UserError with exit code 2. */
export function parseId(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text))
    throw new UserError({ code: 'usage', detail: `${text}: expected a number` });
  return Number(text);
}

/** A path of the API with its parts escaped. */
export function path(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.reduce((done, part, i) => done + encodeURIComponent(values[i - 1] ?? '') + part);
}
