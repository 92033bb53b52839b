import { z } from 'zod';
import * as field from './fields.ts';
import { approverEmail, apps, bots, rights } from './rights.ts';

const status = z.strictObject({
  context: z.string().min(1, 'must not be empty').max(255).describe('Name of the CI signal'),
  prs: z
    .enum(['required', 'optional', 'ignored'])
    .default('required')
    .describe('What it means on pull requests'),
  stagings: z.boolean().default(true).describe('Whether stagings need it'),
  branches: field.pattern.default('.*').describe('On which branches; the whole name must match'),
});

const repository = z
  .strictObject({
    name: field.repositoryName,
    branches: field.pattern.default('.*').describe('Which of the project’s branches exist here'),
    statuses: z.array(status).default([]).describe('CI signals that are awaited'),
    forwardport_remote: field.repositoryName
      .optional()
      .describe('Where port branches are pushed; the repository itself when left out'),
    substitutions: z
      .array(z.string())
      .default([])
      .describe('Rewriting of head labels: /pattern/replacement/flags'),
  })
  .transform(({ forwardport_remote, ...rest }) => ({
    ...rest,
    forwardportRemote: forwardport_remote ?? rest.name,
  }));

const person = z
  .strictObject({
    login: field.login,
    id: z
      .int()
      .positive()
      .optional()
      .describe('Numeric id at GitHub; found by login when left out'),
    email: z
      .string()
      .regex(/^[^\s@<>]+@[^\s@<>]+$/, 'must be an e-mail address')
      .optional(),
    review: z.array(field.repositoryName).default([]).describe('Where they may approve'),
    self_review: z
      .array(field.repositoryName)
      .default([])
      .describe('Where they may approve their own'),
    overrides: z.array(z.string().min(1)).default([]).describe('Contexts they may override'),
    admin: z.boolean().default(false),
    team: z.string().min(1).max(100).optional().describe('For the page of outstanding ports'),
  })
  .transform(({ self_review, ...rest }) => ({ ...rest, selfReview: self_review }));

const staging = z
  .strictObject({
    batch_limit: z.int().min(1).max(1000).default(8).describe('Batches in one staging at most'),
    timeout: field.duration.prefault('60m'),
    start_timeout: field.duration
      .optional()
      .describe('For CI to begin; like timeout when left out'),
    priority: z.enum(['default', 'largest', 'ready']).default('default'),
    lateness_limit: z
      .int()
      .min(0)
      .default(0)
      .describe('Refuse pull requests this many commits behind; 0: never'),
    uniquifier: z.boolean().default(false).describe('Dummy commits where nothing changed'),
  })
  .prefault({})
  .transform((given) => ({
    batchLimit: given.batch_limit,
    timeoutMs: given.timeout,
    startTimeoutMs: given.start_timeout ?? given.timeout,
    priority: given.priority,
    latenessLimit: given.lateness_limit,
    uniquifier: given.uniquifier,
  }));

const forwardport = z
  .strictObject({
    enabled: z.boolean().default(true),
    retry_after: field.duration.prefault('60m'),
    retries: z.int().min(0).max(1000).default(24),
    branch_removal_after: field.duration.prefault('7d'),
  })
  .prefault({})
  .transform((given) => ({
    enabled: given.enabled,
    retryAfterMs: given.retry_after,
    retries: given.retries,
    branchRemovalAfterMs: given.branch_removal_after,
  }));

const reminders = z
  .strictObject({
    after: field.duration.prefault('3d').describe('Age of a port at the first reminder'),
    schedule: z
      .enum(['daily', 'backoff'])
      .default('daily')
      .describe('backoff: 7, 14, 21, 28 days, then every 28'),
    at: z
      .string()
      .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "09:00"')
      .default('09:00')
      .describe('UTC'),
  })
  .prefault({})
  .transform(({ after, ...rest }) => ({ ...rest, afterMs: after }));

const app = z
  .strictObject({
    id: field.wholeNumber,
    private_key_file: z.string().min(1).describe('Relative to this file'),
    installation_id: field.wholeNumber,
  })
  .transform((given) => ({
    id: given.id,
    privateKeyFile: given.private_key_file,
    installationId: given.installation_id,
  }));

/** Pages of the server that a project of the same name would hide. */
const RESERVED = ['api', 'webhooks', 'healthz', 'readyz', 'metrics', 'forwardports', 'crons'];
const RESERVED_TOO = ['queues', 'rights', 'login', 'logout', 'oauth', 'assets', 'events'];

const projectName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be letters, digits, - and _')
  .refine(
    (name) => ![...RESERVED, ...RESERVED_TOO].includes(name.toLowerCase()),
    'is the name of a page of the server: choose another',
  );

/** One project as it is written. */
const writtenProject = z.strictObject({
  name: projectName,
  bot: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/, 'must be a word such as a login')
    .describe('The word that starts a command line'),
  token: field.secret.optional().describe('Of the bot’s account; or app'),
  app: app.optional(),
  forwardport_token: field.secret.optional().describe('Second account, for ports'),
  webhook_secret: z
    .union([field.longSecret, z.array(field.longSecret).min(1).max(2)])
    .describe('At least 20 characters; two while one replaces the other'),
  branches: z.array(field.branchName).min(1, 'must name a branch').describe('Oldest first'),
  repositories: z.array(repository).min(1, 'must name a repository'),
  people: z.array(person).min(1, 'must name somebody, or be left out').optional(),
  staging,
  forwardport,
  forwardport_after_freeze: z
    .enum(['resume', 'keep_off'])
    .refine((value) => value === 'resume', 'must be resume: there are no freezes yet')
    .default('resume')
    .describe('What becomes of porting when a freeze ends'),
  reminders,
  review_approves: z.boolean().default(false).describe('A review that approves counts as r+'),
  rights,
  approver_email: approverEmail,
  bots,
  apps,
});

/** How the bot proves who it is. */
export const NEEDS_ONE_PROOF = 'needs either token or app, and not both';

/** One project as it is used. */
export const project = writtenProject.transform((given, context) => {
  const auth = authOf(given);
  if (auth === undefined) {
    context.addIssue({ code: 'custom', message: NEEDS_ONE_PROOF });
    return z.NEVER;
  }
  return {
    name: given.name,
    bot: given.bot,
    auth,
    forwardportToken: given.forwardport_token,
    webhookSecrets: [given.webhook_secret].flat(),
    branches: given.branches,
    repositories: given.repositories,
    people: given.people ?? [],
    staging: given.staging,
    forwardport: given.forwardport,
    reminders: given.reminders,
    reviewApproves: given.review_approves,
    rights: given.rights,
    approverEmail:
      given.approver_email ?? (given.rights.from === 'github' ? 'noreply' : 'required'),
    bots: given.bots,
    apps: given.apps,
  };
});

function authOf({ token, app }: z.output<typeof writtenProject>) {
  if (token !== undefined && app === undefined) return { kind: 'token' as const, token };
  if (app !== undefined && token === undefined) return { kind: 'app' as const, app };
  return undefined;
}
