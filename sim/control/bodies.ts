import { z } from 'zod';
import { Refused } from '../errors.ts';

/** A regular expression that compiles. */
const Pattern = z.string().refine((text) => {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}, 'no regular expression');

export const UserBody = z.object({
  login: z.string().min(1),
  name: z.string().optional(),
  email: z.string().optional(),
  token: z.string().optional(),
  type: z.enum(['User', 'Bot', 'Organization']).optional(),
});

export const AppBody = z.object({
  slug: z.string().min(1),
  permissions: z
    .record(z.string(), z.string())
    .default({ contents: 'write', pull_requests: 'write', issues: 'write', metadata: 'read' }),
  events: z.array(z.string()).default([]),
  hook_url: z.string().optional(),
  hook_secret: z.string().optional(),
  account: z.string().optional(),
  repositories: z.array(z.string()).optional(),
});

export const FaultBody = z.object({
  match: z
    .object({
      method: z.string().optional(),
      path: Pattern.optional(),
      operation: z.string().optional(),
      actor: z.string().optional(),
    })
    .default({}),
  effect: z.object({
    status: z.number().int().optional(),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    delay_ms: z.number().optional(),
    reset: z.boolean().optional(),
    after_effect: z.boolean().optional(),
  }),
  times: z.number().int().positive().default(1),
});

export const WebhooksBody = z.object({
  mode: z.enum(['deliver', 'hold', 'drop', 'duplicate', 'shuffle']),
  seed: z.number().default(1),
});

export const LagBody = z.object({ read_ms: z.number().nonnegative() });

export const CiBody = z.object({
  rules: z.array(
    z.object({
      repository: z.string().optional(),
      branch: Pattern.optional(),
      context: z.string().min(1),
      result: z.enum(['success', 'failure', 'pending', 'none']),
      after_ms: z.number().nonnegative().default(0),
      kind: z.enum(['status', 'check_run']).default('status'),
    }),
  ),
});

export const LimitsBody = z.object({
  rate: z.number().int().nonnegative().nullable().default(null),
  secondary: z.number().int().nonnegative().nullable().default(null),
});

export const ImportBody = z.object({ dir: z.string().min(1), name: z.string().min(3) });

/** Reads a body of the control interface. @throws Refused 422 that says what is wrong with it. */
export function read<T>(shape: z.ZodType<T>, body: unknown): T {
  const result = shape.safeParse(body);
  if (result.success) return result.data;
  throw new Refused(422, z.prettifyError(result.error));
}
