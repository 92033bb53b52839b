import type { Hook, Missing } from '../github/facts.ts';
import type { Finding } from './judge.ts';

/** Events without which the bot would learn things from its daily look only. */
const EVENTS = [
  'pull_request',
  'issue_comment',
  'pull_request_review',
  'status',
  'check_run',
  'push',
];

/** Judges the webhooks of a repository; `url` is the address under which GitHub reaches the bot. */
export function judgeHooks(
  repository: string,
  { hooks, url }: { readonly hooks: readonly Hook[] | Missing; readonly url: string },
): Finding {
  const subject = `${repository}: webhook`;
  const judge = (ok: boolean, detail: string): Finding => ({ ok, subject, detail });
  if ('kind' in hooks) return judge(true, 'cannot be listed by this account (that takes an admin)');
  const wanted = `${url}/webhooks/github`;
  const own = hooks.find((hook) => hook.url === wanted);
  if (!own)
    return judge(false, `none leads to ${wanted}: add one, unless the App or organisation has it`);
  const fault = findFault(own);
  return fault === null ? judge(true, `leads to ${wanted}`) : judge(false, fault);
}

function findFault({ active, contentType, events, lastStatus }: Hook): string | null {
  const missing = events.includes('*') ? [] : EVENTS.filter((event) => !events.includes(event));
  if (!active) return 'is switched off: switch it on';
  if (contentType !== 'json') return 'sends forms: set its content type to application/json';
  if (missing.length > 0) return `does not send ${missing.join(', ')}: tick them`;
  if (lastStatus !== null && lastStatus >= 400)
    return `its last delivery was answered ${lastStatus}: check the secret`;
  return null;
}
