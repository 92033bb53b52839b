import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { findContradictions } from './config/cross-checks.ts';
import type { Finding } from './config/cross-checks.ts';
import { formatPath, readDocument } from './config/document.ts';
import type { ConfigDocument } from './config/document.ts';
import { flattenIssue, wordIssue } from './config/issues.ts';
import type { ConfigRules } from './config/rules.ts';
import { configSchema } from './config/schema.ts';
import type { Config } from './config/schema.ts';
import { oneLine, UserError } from './errors.ts';
import type { Problem } from './errors.ts';
import { LOG_LEVELS } from './log.ts';
import type { LogLevel } from './log.ts';
import { Secret } from './secret.ts';

export type { ConfigRules } from './config/rules.ts';
export type { Config, ProjectConfig } from './config/schema.ts';

/** What came of reading a configuration: everything that is wrong with it at once, in the file's order. */
export type ConfigResult =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'problems'; readonly problems: readonly [Problem, ...Problem[]] };

/** What reading a configuration needs beside its text. */
export interface ConfigContext {
  readonly rules: ConfigRules;
  /** Folder that relative paths start from. */
  readonly folder: string;
  /** Where `${NAME}` is looked up; our own environment when left out. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Reads and checks a configuration file. @throws {@link UserError} with every problem and exit code 2. */
export async function loadConfig(file: string, rules: ConfigRules): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const message = `cannot be read (${oneLine(error)})`;
    throw new UserError({
      code: 'configuration',
      file,
      problems: [{ line: 0, path: '', message }],
    });
  });
  const result = parseConfig(text, { rules, folder: dirname(resolve(file)) });
  if (result.kind === 'config') return result.config;
  throw new UserError({ code: 'configuration', file, problems: result.problems });
}

/** Reads and checks the text of a configuration (YAML or JSON). The result is frozen all the way down. */
export function parseConfig(text: string, context: ConfigContext): ConfigResult {
  const document = readDocument(text, context.env ?? process.env);
  if (document.value === undefined) return refuse(document, []);
  const schema = configSchema(context.rules.cronNames);
  const parsed = schema.safeParse(document.value ?? {}, { error: wordIssue });
  const findings = [
    ...(parsed.error?.issues ?? []).flatMap(flattenIssue),
    ...findContradictions(document.value, context.rules),
    ...(parsed.data === undefined ? [] : missingFiles(parsed.data, context.folder)),
  ];
  if (!parsed.success || findings.length + document.problems.length > 0) {
    return refuse(document, findings);
  }
  return { kind: 'config', config: freeze(resolvePaths(parsed.data, context.folder)) };
}

function refuse(document: ConfigDocument, findings: readonly Finding[]): ConfigResult {
  const found = findings
    .map(({ path, message }) => ({ line: document.lineOf(path), path: formatPath(path), message }))
    .filter(({ path }) => !document.unfilled.has(path));
  const unique = new Map(
    [...document.problems, ...found].map((p) => [`${p.path} ${p.message}`, p]),
  );
  const [first, ...rest] = [...unique.values()].sort((a, b) => a.line - b.line);
  const empty = { line: 1, path: '', message: 'is empty' };
  return { kind: 'problems', problems: [first ?? empty, ...rest] };
}

function missingFiles(config: Config, folder: string): Finding[] {
  return config.projects.flatMap(({ auth }, i) => {
    if (auth.kind === 'token' || existsSync(resolve(folder, auth.app.privateKeyFile))) return [];
    const path = ['projects', i, 'app', 'private_key_file'];
    return [{ path, message: 'is no file that can be read' }];
  });
}

function resolvePaths(config: Config, folder: string): Config {
  const projects = config.projects.map((project) => {
    if (project.auth.kind === 'token') return project;
    const app = project.auth.app;
    const privateKeyFile = resolve(folder, app.privateKeyFile);
    return { ...project, auth: { ...project.auth, app: { ...app, privateKeyFile } } };
  });
  return { ...config, projects, dataDir: resolve(folder, config.dataDir) };
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}

/** The JSON Schema of the file, for editors (`stagecoach schema`). */
export function describeSchema(cronNames: readonly string[]): Record<string, unknown> {
  return { ...z.toJSONSchema(configSchema(cronNames), { io: 'input' }), title: 'stagecoach.yml' };
}

/** Every secret of a configuration, for the log to strike out. */
export function secretsOf(value: unknown): Secret[] {
  if (value instanceof Secret) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(secretsOf);
}

/** What the program takes from its environment beside the file. */
export interface Environment {
  /** Address of a running server, for the command line (STAGECOACH_URL). */
  readonly serverUrl?: string;
  /** Token for its API (STAGECOACH_API_TOKEN). */
  readonly apiToken?: Secret;
  /** STAGECOACH_LOG_LEVEL. */
  readonly logLevel: LogLevel;
}

/** @throws {@link UserError} when a variable has a value that makes no sense. */
export function environment(env: NodeJS.ProcessEnv = process.env): Environment {
  const { STAGECOACH_URL, STAGECOACH_API_TOKEN, STAGECOACH_LOG_LEVEL } = env;
  const logLevel = LOG_LEVELS.find((level) => level === (STAGECOACH_LOG_LEVEL ?? 'info'));
  if (logLevel === undefined) {
    const detail = `STAGECOACH_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`;
    throw new UserError({ code: 'usage', detail });
  }
  return {
    logLevel,
    ...(STAGECOACH_URL ? { serverUrl: STAGECOACH_URL.replace(/\/+$/, '') } : {}),
    ...(STAGECOACH_API_TOKEN ? { apiToken: new Secret(STAGECOACH_API_TOKEN) } : {}),
  };
}
