import type {
  Allowance,
  Missing,
  Moved,
  Repository,
  StatusReport,
  Viewer,
} from '../github/facts.ts';

/** One finding: what was looked at, and what to do about it when it is not right. */
export interface Finding {
  readonly ok: boolean;
  /** Right as far as can be told, but somebody should look. */
  readonly doubtful?: boolean;
  readonly subject: string;
  readonly detail: string;
}

/** Below this share of the hourly allowance the bot will soon have to wait. */
const LOW_ALLOWANCE = 0.1;

/** Judges the account that a project's token belongs to. */
export function judgeToken(
  project: string,
  viewer: Viewer,
  { core }: { readonly core: Allowance },
): Finding {
  const low = core.limit > 0 && core.remaining < core.limit * LOW_ALLOWANCE;
  const allowance = low ? `, only ${core.remaining} of ${core.limit} calls left this hour` : '';
  const detail = `acts as ${viewer.login}${allowance}`;
  return { ok: true, ...(low && { doubtful: true }), subject: `${project}: token`, detail };
}

/** Judges the logins of `people` that the file gives no id for; `unknown` are those GitHub has no account of. */
export function judgePeople(project: string, unknown: readonly string[]): Finding {
  const subject = `${project}: people`;
  if (unknown.length === 0) return { ok: true, subject, detail: 'their accounts exist' };
  const detail = `nobody has the login ${unknown.join(', ')}: check the spelling`;
  return { ok: true, doubtful: true, subject, detail };
}

/** Judges whether the bot can work in a repository. */
export function judgeRepository(name: string, found: Repository | Moved | Missing): Finding {
  const refuse = (detail: string): Finding => ({ ok: false, subject: name, detail });
  if (found.kind === 'missing')
    return refuse('not found: check the name, and that the account may see it');
  if (found.kind === 'moved') return refuse(`is now ${found.name}: change the configuration`);
  if (found.archived) return refuse('is archived: nothing can be pushed');
  if (found.rights?.push === false) return refuse('the account may not push: give it write access');
  return { ok: true, subject: name, detail: 'can be pushed to' };
}

/** Judges a branch: whether CI was ever heard there under the names that stagings wait for. */
export function judgeContexts(
  subject: string,
  facts: {
    readonly isProtected: boolean;
    readonly wanted: readonly string[];
    readonly heard: readonly StatusReport[];
  },
): Finding {
  const heard = new Set(facts.heard.map(({ context }) => context));
  const silent = facts.wanted.filter((context) => !heard.has(context));
  const remarks = [
    'exists',
    facts.isProtected && 'is protected: the account must be allowed to push',
    silent.length > 0 &&
      `its head never heard of ${silent.join(', ')}: check the names of the contexts`,
  ];
  const detail = remarks.filter((remark) => remark !== false).join('; ');
  return { ok: true, ...(silent.length > 0 && { doubtful: true }), subject, detail };
}
