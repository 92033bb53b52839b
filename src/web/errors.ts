import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { QueryFailedError } from 'typeorm';
import { z } from 'zod';
import { errorCode } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { Refusal } from './refusal.ts';
import type { Site } from './site.ts';
import { refusedPage } from './views/refused.ts';

/** What a caller is told about an error. */
interface Answer {
  readonly status: number;
  readonly message: string;
}

/**
 * Answers every error as `{message}`. An error of ours is logged under a random id and answered with that id alone:
 * no stack, statement or header ever leaves the house (reliability 5.6).
 */
export function installErrors(
  app: FastifyInstance,
  { log, settings }: Pick<Site, 'log' | 'settings'>,
): void {
  const send = answering(settings.oauth !== null);
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof Refusal && error.waitMs !== null)
      reply.header('retry-after', Math.ceil(error.waitMs / 1000));
    const answer = explain(error) ?? logFault(log, request, error);
    return send(request, reply, answer);
  });
  app.setNotFoundHandler((request, reply) => send(request, reply, notFound(request)));
  // Without these a misspelt route of the API would be looked up as a project and its branch.
  app.all('/api', noSuchRoute);
  app.all('/api/*', noSuchRoute);
}

function noSuchRoute(): never {
  throw new Refusal(404, 'no such route');
}

function explain(error: unknown): Answer | null {
  if (error instanceof Refusal) return { status: error.status, message: error.message };
  if (error instanceof z.ZodError) return { status: 400, message: describeProblems(error) };
  const status = (error as Partial<FastifyError>).statusCode;
  if (error instanceof Error && status !== undefined && status < 500)
    return { status, message: error.message };
  return null;
}

function logFault(log: Logger, request: FastifyRequest, error: unknown): Answer {
  const id = randomUUID();
  log.error(
    { err: error, id, method: request.method, route: request.routeOptions.url },
    'request failed',
  );
  if (isDatabaseDown(error))
    return { status: 503, message: `the database does not answer (${id})` };
  return { status: 500, message: `internal error ${id}` };
}

/** Connection errors carry a system code; SQLSTATE classes 08, 53 and 57 are the server's own trouble, and 25006: read-only. */
function isDatabaseDown(error: unknown): boolean {
  const code = errorCode(error) ?? '';
  if (error instanceof QueryFailedError) return /^(?:08|53|57|25006)/.test(code);
  return (
    /^(?:E[A-Z]+|08|53|57)/.test(code) ||
    (error instanceof Error && /timeout|terminated/i.test(error.message))
  );
}

function describeProblems(error: z.ZodError): string {
  return error.issues
    .map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '))
    .join('; ');
}

function notFound(request: FastifyRequest): Answer {
  return { status: 404, message: `nothing at ${request.method} ${request.url.slice(0, 200)}` };
}

/** @param canLogIn whether a page may offer it. */
function answering(canLogIn: boolean) {
  return (request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply => {
    const { status, message } = answer;
    reply.code(status);
    if (wantsPage(request))
      return reply.type('text/html; charset=utf-8').send(refusedPage(answer, canLogIn));
    return reply.type('application/json; charset=utf-8').send({ message });
  };
}

/** A browser that goes to a page, not a program or the page's script. */
function wantsPage({ method, url, headers }: FastifyRequest): boolean {
  return (
    method === 'GET' &&
    !/^\/api(?:[/?]|$)/.test(url) &&
    (headers.accept ?? '').includes('text/html')
  );
}
