import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Extract<T> {
  readonly source: string;
  readonly roots: Readonly<Record<string, T>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** One disagreement with what GitHub publishes: where, and what the validator says. */
export interface Deviation {
  readonly operation: string;
  readonly complaint: string;
}

const FOLDER = join(import.meta.dirname, '../github-schemas');

function load<T>(name: string): Extract<T> {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Extract<T>;
}

/** Times as GitHub writes them. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

class Validator<T> {
  readonly roots: Extract<T>['roots'];
  readonly #ajv: Ajv;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(name: string) {
    const extract = load<T>(name);
    this.roots = extract.roots;
    this.#ajv = new Ajv({ strict: false, allErrors: false, validateFormats: true, logger: false });
    this.#ajv.addFormat('date-time', DATE_TIME);
    for (const format of [
      'uri',
      'uri-template',
      'email',
      'int64',
      'repo.nwo',
      'date',
      'timestamp',
      'uri-reference',
      'hostname',
      'ssh-url',
      'repo-name',
    ])
      this.#ajv.addFormat(format, true);
    this.#ajv.addSchema({ $id: 'github', components: extract.components });
  }

  complaint(key: string, schema: unknown, value: unknown): string | null {
    const known = this.#compiled.get(key) ?? this.#ajv.compile(rooted(schema) as object);
    this.#compiled.set(key, known);
    if (known(value)) return null;
    const error = known.errors?.at(-1);
    const first = known.errors?.[0] ?? error;
    return `${first?.instancePath ?? ''} ${first?.message ?? ''} ${JSON.stringify(first?.params)}`;
  }
}

/** Points references into the one shared document. */
function rooted(schema: unknown): unknown {
  return JSON.parse(
    JSON.stringify(schema).replaceAll('"#/components/', '"github#/components/'),
  ) as unknown;
}

const rest = new Validator<Operation>('rest.json');
const webhooks = new Validator<unknown>('webhooks.json');

const expressions = Object.entries(rest.roots).map(([id, one]) => ({
  id,
  method: one.method,
  literal: one.path.replace(/\{\w+\}/g, '').length,
  expression: new RegExp(
    `^${one.path
      .replace(/[.]/g, '\\.')
      .replace(/\{(ref|basehead|path|branch)\}/g, '.+')
      .replace(/\{\w+\}/g, '[^/]+')}$`,
  ),
}));

/** GitHub's operation id of a call; undefined when GitHub publishes no such call. */
export function operationOf(method: string, path: string): string | undefined {
  const found = expressions.filter((one) => one.method === method && one.expression.test(path));
  return found.sort((a, b) => b.literal - a.literal)[0]?.id;
}

/** What GitHub's description holds against an answer. */
export function checkAnswer(
  call: { method: string; path: string },
  answer: { status: number; body: unknown },
): Deviation | null {
  const id = operationOf(call.method, call.path);
  if (id === undefined)
    return { operation: `${call.method} ${call.path}`, complaint: 'GitHub publishes no such call' };
  const responses = rest.roots[id]?.responses ?? {};
  const status = String(answer.status);
  if (!(status in responses)) {
    if (answer.status >= 300) return checkError(id, answer.body);
    return { operation: id, complaint: `GitHub does not answer ${status} here` };
  }
  const schema = responses[status];
  if (schema === null || schema === undefined) return null;
  const complaint = rest.complaint(`${id} ${status}`, schema, answer.body);
  return complaint === null ? null : { operation: `${id} ${status}`, complaint };
}

/** Errors and redirects that an operation does not list still look like every error of GitHub. */
function checkError(id: string, body: unknown): Deviation | null {
  if (body === undefined) return null;
  const schema = { $ref: '#/components/schemas/basic-error' };
  const complaint = rest.complaint('basic-error', schema, body);
  return complaint === null ? null : { operation: `${id} error`, complaint };
}

/** What GitHub's description holds against a webhook. */
export function checkWebhook(event: string, payload: Record<string, unknown>): Deviation | null {
  const action = typeof payload['action'] === 'string' ? `-${payload['action']}` : '';
  const name = `${event}${action}`.replaceAll('_', '-');
  const schema = webhooks.roots[name];
  if (schema === undefined)
    return { operation: `webhook ${name}`, complaint: 'GitHub publishes no such webhook' };
  const complaint = webhooks.complaint(name, schema, payload);
  return complaint === null ? null : { operation: `webhook ${name}`, complaint };
}

/** Operations GitHub publishes for the calls the simulator knows. */
export const publishedOperations: readonly string[] = Object.keys(rest.roots);
