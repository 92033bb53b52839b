import { isError } from '../errors.ts';

/** What an error may tell a log. Everything else stays out: a query's parameters, a request's headers. */
const ALLOWED = [
  ...['code', 'status', 'exitCode', 'signal', 'requestId', 'retryable', 'operation'],
  ...['query', 'table', 'column', 'constraint', 'routine', 'severity'],
] as const;

const DEEPEST_CAUSE = 5;
const LONGEST = 2000;

/** An error as fields of a log line. Values that are no errors come back as text. */
export function serialiseError(error: unknown, depth = 0): Record<string, unknown> | string {
  if (!isError(error)) return String(error).slice(0, LONGEST);
  return {
    type: error.name,
    message: error.message.slice(0, LONGEST),
    ...allowedFields(error),
    stack: error.stack,
    ...causes(error, depth),
  };
}

function allowedFields(error: Error): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of ALLOWED) {
    const value: unknown = Reflect.get(error, name);
    if (typeof value === 'string') fields[name] = value.slice(0, LONGEST);
    else if (typeof value === 'number' || typeof value === 'boolean') fields[name] = value;
  }
  return fields;
}

function causes(error: Error, depth: number): Record<string, unknown> {
  if (depth >= DEEPEST_CAUSE) return {};
  const list: Record<string, unknown> = {};
  if (error.cause !== undefined) list['cause'] = serialiseError(error.cause, depth + 1);
  if (error instanceof AggregateError) {
    list['errors'] = error.errors.slice(0, 10).map((each) => serialiseError(each, depth + 1));
  }
  return list;
}
