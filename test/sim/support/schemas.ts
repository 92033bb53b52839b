import type { SeenAnswer, SeenWebhook } from '../../../sim/observer.ts';
import { type Deviation, Validator } from './validator.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly request: { readonly query: Readonly<Record<string, Parameter>>; readonly body: unknown };
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Parameter {
  readonly type?: string;
  readonly enum?: readonly string[];
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
function operationOf(method: string, path: string): string | undefined {
  const found = expressions.filter((one) => one.method === method && one.expression.test(path));
  return found.sort((a, b) => b.literal - a.literal)[0]?.id;
}

/** What GitHub's description holds against a call and its answer. A call that was refused may be wrong itself. */
export function checkAnswer(seen: SeenAnswer): Deviation[] {
  const { method, path, status } = seen;
  const id = operationOf(method, path);
  const operation = id === undefined ? undefined : rest.roots[id];
  if (id === undefined || operation === undefined)
    return [{ place: `${method} ${path}`, complaint: 'GitHub publishes no such call' }];
  const request = status < 300 ? checkRequest(id, operation, seen) : [];
  return [...request, ...checkResponse(id, operation, seen)];
}

function checkRequest(id: string, { request }: Operation, seen: SeenAnswer): Deviation[] {
  const key = `${id} request`;
  const query = [...new URLSearchParams(seen.query)].flatMap(([name, value]): Deviation[] => {
    const known = request.query[name];
    if (known && fits(known, value)) return [];
    const complaint = known
      ? `${JSON.stringify(known)}: ${value}`
      : 'GitHub knows no such parameter';
    return [{ place: `${key} ?${name}`, complaint }];
  });
  if (seen.sent === null || request.body === null) return query;
  const sent: unknown = JSON.parse(seen.sent);
  return [...query, ...rest.deviations(key, request.body, sent)];
}

function fits({ type, enum: words }: Parameter, value: string): boolean {
  if (type === 'integer') return /^-?\d+$/.test(value);
  if (type === 'boolean') return value === 'true' || value === 'false';
  return words === undefined || words.includes(value);
}

function checkResponse(id: string, { responses }: Operation, seen: SeenAnswer): Deviation[] {
  const { status, body } = seen;
  const place = `${id} ${status}`;
  if (!(String(status) in responses)) {
    if (status >= 300) return checkError(place, body);
    return [{ place, complaint: 'GitHub does not answer so here' }];
  }
  const schema = responses[status];
  if (schema === null || schema === undefined)
    return body === null || status >= 300 ? [] : [{ place, complaint: 'GitHub sends no body' }];
  const value: unknown = body === null ? undefined : JSON.parse(body);
  const more = status < 300 ? rest.unpublished(place, schema, value) : []; // errors have more than is told
  return [...rest.deviations(place, schema, value), ...more];
}

/** Errors and redirects that an operation does not list still look like every error of GitHub. */
const ANY_ERROR = {
  allOf: [{ $ref: '#/components/schemas/basic-error' }],
  required: ['message', 'documentation_url'],
};
const ANY_REFUSAL = { $ref: '#/components/schemas/validation-error' };

function checkError(place: string, body: string | null): Deviation[] {
  if (body === null) return [];
  const value = JSON.parse(body) as { errors?: unknown };
  const detailed = Array.isArray(value.errors) && typeof value.errors[0] === 'object';
  const found = detailed
    ? rest.deviations('refusal', ANY_REFUSAL, value)
    : rest.deviations('error', ANY_ERROR, value);
  return found.map((one) => ({ ...one, place: `${place} ${one.place}` }));
}

/** What GitHub's description holds against a webhook. */
export function checkWebhook(seen: SeenWebhook): Deviation[] {
  const payload = JSON.parse(seen.payload) as { action?: unknown };
  const action = typeof payload.action === 'string' ? `-${payload.action}` : '';
  const name = `${seen.event}${action}`.replaceAll('_', '-');
  const schema = webhooks.roots[name];
  const place = `webhook ${name}`;
  if (schema === undefined) return [{ place, complaint: 'GitHub publishes no such webhook' }];
  const found = webhooks.deviations(place, schema, payload);
  return [...found, ...webhooks.unpublished(place, schema, payload)];
}

/** Operations GitHub publishes for the calls the simulator knows. */
export const publishedOperations: readonly string[] = Object.keys(rest.roots);
