import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

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

/** One disagreement with what GitHub publishes. */
export interface Deviation {
  /** Operation, status and place in the body, with N for each index: `pulls/list 200 /N/user/login`. */
  readonly place: string;
  /** What the validator says. */
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
    this.#ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true, logger: false });
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

  /** Everything that is wrong with a value, each place once. */
  deviations(key: string, schema: unknown, value: unknown): Deviation[] {
    const known = this.#compiled.get(key) ?? this.#ajv.compile(rooted(schema) as object);
    this.#compiled.set(key, known);
    if (known(value)) return [];
    const found = new Map<string, Deviation>();
    for (const error of known.errors ?? []) {
      const place = `${key} ${placeOf(error)}`.trim();
      const complaint = `${error.message ?? ''} ${JSON.stringify(error.params)}`;
      if (!found.has(place)) found.set(place, { place, complaint });
    }
    return [...found.values()];
  }
}

/** Where it is: the path of the value, or of the field that is missing there. */
function placeOf({ instancePath, params }: ErrorObject): string {
  const missing: unknown = params['missingProperty'];
  const path = typeof missing === 'string' ? `${instancePath}/${missing}` : instancePath;
  return path.replace(/\/\d+(?=\/|$)/g, '/N');
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
): Deviation[] {
  const { status, body } = answer;
  const id = operationOf(call.method, call.path);
  if (id === undefined)
    return [{ place: `${call.method} ${call.path}`, complaint: 'GitHub publishes no such call' }];
  const responses = rest.roots[id]?.responses ?? {};
  if (!(String(status) in responses)) {
    if (status >= 300) return checkError(id, body);
    return [{ place: `${id} ${status}`, complaint: 'GitHub does not answer so here' }];
  }
  const schema = responses[status];
  if (schema === null || schema === undefined) return [];
  return rest.deviations(`${id} ${status}`, schema, body);
}

/** Errors and redirects that an operation does not list still look like every error of GitHub. */
function checkError(id: string, body: unknown): Deviation[] {
  if (body === undefined) return [];
  const schema = { $ref: '#/components/schemas/basic-error' };
  const found = rest.deviations('error', schema, body);
  return found.map((one) => ({ ...one, place: `${id} ${one.place}` }));
}

/** What GitHub's description holds against a webhook. */
export function checkWebhook(event: string, payload: Record<string, unknown>): Deviation[] {
  const action = typeof payload['action'] === 'string' ? `-${payload['action']}` : '';
  const name = `${event}${action}`.replaceAll('_', '-');
  const schema = webhooks.roots[name];
  const place = `webhook ${name}`;
  if (schema === undefined) return [{ place, complaint: 'GitHub publishes no such webhook' }];
  return webhooks.deviations(place, schema, payload);
}

/** Operations GitHub publishes for the calls the simulator knows. */
export const publishedOperations: readonly string[] = Object.keys(rest.roots);
