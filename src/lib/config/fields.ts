import { type Job, scheduleJob } from 'node-schedule';
import { z } from 'zod';
import { parseDuration } from '../duration.ts';
import { findPatternFault } from '../pattern.ts';
import { Secret } from '../secret.ts';

/** A duration, in milliseconds once read. */
export const duration = z
  .string('must be a duration such as 30s, 5m, 2h or 7d')
  .regex(/^\d{1,9}[smhd]$/, 'must be a duration such as 30s, 5m, 2h or 7d')
  .transform((text) => parseDuration(text) ?? 0);

/** A number that may also come from the environment, hence as text. */
export const wholeNumber = z.union(
  [
    z.int().min(0),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ],
  'must be a whole number',
);

/** A TCP port; 0 takes a free one. */
export const port = wholeNumber.refine((n) => n <= 65_535, 'must be at most 65535');

/** A value nobody may see. */
export const secret = z
  .string()
  .min(1, 'must not be empty')
  .transform((text) => new Secret(text));

/** The key of a signature. Twenty characters are the least that cannot be guessed (reliability B-108). */
export const longSecret = z
  .string()
  .min(20, 'must have at least 20 characters')
  .transform((text) => new Secret(text));

/** The address of a service, without slash at its end once read. */
export const address = z
  .string()
  .refine(isHttpAddress, 'must be an address that begins with https:// or http://')
  .transform((text) => text.replace(/\/+$/, ''));

/** `owner/name` as GitHub allows them. */
export const repositoryName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/, 'must be OWNER/NAME')
  .refine((text) => !/\/\.{1,2}$|\.git$/.test(text), 'must be the name of a repository');

/** A login at GitHub; `[bot]` ends those of Apps. */
export const login = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?$/, 'must be a login at GitHub');

/** A branch, by the rules of git-check-ref-format and ours: the bot makes `staging.` and `tmp.` itself. */
export const branchName = z
  .string()
  .refine(isBranchName, 'must be the name of a branch')
  .refine(
    (text) => !/^(?:staging|tmp)\./.test(text),
    'is a name the bot uses for its own branches',
  );

/** A regular expression over whole names, linear in time. */
export const pattern = z.string().superRefine((text, context) => {
  const message = findPatternFault(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/** When a cron is woken that nobody rang: a duration, or a rule in the syntax of node-schedule, in UTC. */
export const fallback = z
  .string()
  .refine(isFallback, 'must be a duration such as 6h, or a schedule such as "0 3 * * 0"')
  .transform((text) => {
    const everyMs = parseDuration(text);
    return everyMs === undefined ? { rule: text } : { everyMs };
  });

function isHttpAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  const plain = username === '' && password === '' && search === '' && hash === '';
  return plain && (protocol === 'https:' || protocol === 'http:');
}

const FORBIDDEN_IN_BRANCHES = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|^[-./]|[./]$|\.lock(?:\/|$)|\/\./u;

function isBranchName(text: string): boolean {
  return text !== '' && text !== '@' && text.length <= 200 && !FORBIDDEN_IN_BRANCHES.test(text);
}

/** node-schedule tells a bad rule only by answering null, whatever its types say. */
function isFallback(text: string): boolean {
  const everyMs = parseDuration(text);
  if (everyMs !== undefined) return everyMs > 0;
  const job = scheduleJob({ rule: text, tz: 'Etc/UTC' }, () => undefined) as Job | null;
  job?.cancel();
  return job !== null;
}
