/** How a commenter stands to a pull request (spec 3.4). */
export type Role =
  | 'everybody'
  | 'author'
  | 'source-author'
  | 'employee'
  | 'reviewer'
  | 'admin'
  | 'super-admin'
  | 'override-right';

/** What a role is called in texts. */
export const ROLE_PHRASES: Readonly<Record<Role, string>> = {
  everybody: 'everybody',
  author: 'the author and reviewers',
  'source-author': 'the author and reviewers of the original pull request, on ports',
  employee: 'authors who are listed as people of the project',
  reviewer: 'reviewers and delegates',
  admin: 'reviewers of the repository',
  'super-admin': 'reviewers who administer the project',
  'override-right': 'people with the right to override that context',
};

/** One command as rights, help and documentation see it. */
export interface CommandRow {
  /** Key in tables of rights. */
  readonly name: string;
  readonly syntax: string;
  /** Who may use it unless the project says otherwise; any of these roles is enough. */
  readonly who: readonly Role[];
  readonly what: string;
  readonly example: string;
}

/**
 * Every command of the bot: the one table behind rights, `help` and docs/COMMANDS.md. The default
 * rights are those of spec 3.4 and 21 of the forward-port part.
 */
export const COMMANDS = [
  {
    name: 'approve',
    syntax: '`r+`, `review+`, `r+ <sha>`, `r=<number>[,<number>]`',
    who: ['reviewer', 'source-author'],
    what: 'Approves. On a port also its attached ancestors, or only those listed. With a sha (12 digits at least) only if that is still the head.',
    example: 'r+',
  },
  {
    name: 'reject',
    syntax: '`r-`, `review-`',
    who: ['author', 'source-author'],
    what: 'Takes the approval back, clears an error and skipped checks, and leaves a running staging.',
    example: 'r-',
  },
  {
    name: 'retry',
    syntax: '`retry`',
    who: ['author', 'source-author'],
    what: 'Clears the error, so that the pull request is staged again.',
    example: 'retry',
  },
  {
    name: 'merge-method',
    syntax: '`rebase-merge`, `rebase-ff`, `merge`, `squash`',
    who: ['reviewer', 'employee'],
    what: 'Chooses how the commits land.',
    example: 'rebase-merge',
  },
  {
    name: 'check',
    syntax: '`check`',
    who: ['author'],
    what: 'Reads the pull request from GitHub again and says what had been missed.',
    example: 'check',
  },
  {
    name: 'info',
    syntax: '`info`',
    who: ['everybody'],
    what: 'Shows the state, and each condition that is still open with who can meet it.',
    example: 'info',
  },
  {
    name: 'help',
    syntax: '`help`',
    who: ['everybody'],
    what: 'Lists the commands you may use here. Nothing else in the comment is done.',
    example: 'help',
  },
  {
    name: 'delegate',
    syntax: '`delegate+`, `delegate=<login>[,<login>]`',
    who: ['reviewer'],
    what: 'Lets the author, or the people named (5 at most), review this pull request.',
    example: 'delegate=ann,bob',
  },
  {
    name: 'override',
    syntax: '`override=<context>[,<context>]`',
    who: ['override-right'],
    what: 'Counts CI contexts as passed. Put a context with spaces or signs in quotes.',
    example: 'override=ci/lint,"build (mac)"',
  },
  {
    name: 'priority',
    syntax: '`nice`, `default`, `priority`, `alone`',
    who: ['admin'],
    what: 'Sets how soon this and its linked pull requests are staged; `alone` is staged by itself, before all others.',
    example: 'priority',
  },
  {
    name: 'cancel-staging',
    syntax: '`cancel=staging`',
    who: ['admin'],
    what: 'Cancels the running staging of the branch as soon as this pull request is ready.',
    example: 'cancel=staging',
  },
  {
    name: 'skipchecks',
    syntax: '`skipchecks`',
    who: ['super-admin'],
    what: 'Stages this and its linked pull requests without waiting for review or CI.',
    example: 'skipchecks',
  },
  {
    name: 'now',
    syntax: '`NOW`',
    who: ['super-admin'],
    what: 'Short for `priority skipchecks cancel=staging`.',
    example: 'NOW',
  },
  {
    name: 'now-alone',
    syntax: '`NOW!`',
    who: ['super-admin'],
    what: 'Short for `alone skipchecks cancel=staging`.',
    example: 'NOW!',
  },
  {
    name: 'reset',
    syntax: '`reset=splits`, `reset=staging`, `reset=auto`',
    who: ['super-admin'],
    what: 'Drops the splits of the branch; with `staging` cancels its staging too, with `auto` only a young one.',
    example: 'reset=auto',
  },
  {
    name: 'fw-default',
    syntax: '`fw=default`',
    who: ['author', 'source-author'],
    what: 'Ports after the merge, each branch once the port before it is green.',
    example: 'fw=default',
  },
  {
    name: 'fw-no',
    syntax: '`fw=no`',
    who: ['author', 'source-author'],
    what: 'Makes no ports, or no further ones.',
    example: 'fw=no',
  },
  {
    name: 'fw-skipci',
    syntax: '`fw=skipci`',
    who: ['reviewer'],
    what: 'Ports to all branches without waiting for CI in between.',
    example: 'fw=skipci',
  },
  {
    name: 'fw-skipmerge',
    syntax: '`fw=skipmerge`',
    who: ['reviewer'],
    what: 'Ports to all branches at once, before the merge. Cannot be taken back.',
    example: 'fw=skipmerge',
  },
  {
    name: 'limit',
    syntax: '`up to <branch>`',
    who: ['author', 'source-author'],
    what: 'Ports no further than that branch.',
    example: 'up to 18.0',
  },
  {
    name: 'ignore',
    syntax: '`ignore`',
    who: ['author', 'source-author'],
    what: 'Old form of `up to` with the own target; use `fw=no`.',
    example: 'ignore',
  },
  {
    name: 'close',
    syntax: '`close`',
    who: ['source-author'],
    what: 'Closes this port.',
    example: 'close',
  },
  {
    name: 'remindme',
    syntax: '`remindme:<branch>=<message>`',
    who: ['everybody'],
    what: 'Mentions you with the message on the port to that branch once it exists. Quote a message of several words.',
    example: 'remindme:18.0="drop the shim"',
  },
] as const satisfies readonly CommandRow[];

/** Keys of {@link COMMANDS}. */
export type CommandName = (typeof COMMANDS)[number]['name'];
