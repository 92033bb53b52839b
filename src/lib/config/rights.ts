import { z } from 'zod';

/** The commands whose rights can be changed, and the roles there are. A test compares both with the table of commands. */
export const RIGHT_NAMES = [
  ...['approve', 'reject', 'retry', 'merge-method', 'check', 'info', 'help', 'delegate'],
  ...['override', 'priority', 'cancel-staging', 'skipchecks', 'reset', 'fw-default', 'fw-no'],
  ...['fw-skipci', 'fw-skipmerge', 'limit', 'ignore', 'close', 'remindme'],
];
export const ROLE_NAMES = [
  'everybody',
  'author',
  'source-author',
  'employee',
  'reviewer',
  'admin',
  'super-admin',
  'override-right',
] as const;

const change = z
  .strictObject({
    add: z.array(z.enum(ROLE_NAMES)).default([]).describe('Roles that may use it too'),
    remove: z.array(z.enum(ROLE_NAMES)).default([]).describe('Roles that may not'),
  })
  .refine(({ add, remove }) => !add.some((role) => remove.includes(role)), {
    message: 'adds and removes the same role',
  });

/** A record with these keys alone: the type of a partial one would say that a listed command may be missing. */
function refuseUnknown(
  commands: Readonly<Record<string, unknown>>,
  context: { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void },
): void {
  for (const name of Object.keys(commands)) {
    if (RIGHT_NAMES.includes(name)) continue;
    const message = `is no command; those are ${RIGHT_NAMES.join(', ')}`;
    context.addIssue({ code: 'custom', path: [name], message });
  }
}

const level = z.enum(['read', 'write', 'admin', 'nobody']);

/** `rights`: who may do what, beside the rights of the people that are listed. */
export const rights = z
  .strictObject({
    from: z
      .enum(['people', 'github'])
      .default('people')
      .describe('github: also what a collaborator may do at GitHub gives rights here'),
    review: level.default('write').describe('Permission at GitHub that lets one approve'),
    self_review: level.default('nobody').describe('The same for own pull requests'),
    overrides: level.default('nobody').describe('The same for overriding any CI context'),
    admin: level.default('admin').describe('The same for the commands of administrators'),
    commands: z
      .record(z.string(), change)
      .superRefine(refuseUnknown)
      .default({})
      .describe('Changes to the table of rights, by command'),
  })
  .prefault({})
  .transform(({ self_review, ...rest }) => ({ ...rest, selfReview: self_review }));

/** Accounts of programs that are obeyed, by numeric id. */
export const bots = z
  .array(z.int().positive())
  .default([])
  .describe('Numeric ids of bots that may give commands; all others are ignored');

/** Apps that are obeyed when they speak in a person's name, by numeric id. */
export const apps = z
  .array(z.int().positive())
  .default([])
  .describe('Numeric ids of Apps that may give commands in the name of people');

/** Whether somebody without a known e-mail address may approve. */
export const approverEmail = z
  .enum(['required', 'noreply'])
  .optional()
  .describe(
    'Approvers need an e-mail address on file, or their private one at GitHub stands in; noreply where rights come from GitHub',
  );
