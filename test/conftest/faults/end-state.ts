import { Objects } from '../invariants/objects.ts';
import type { Json } from '../people.ts';
import type { MortalStory } from './mortal.ts';

/** What a story leaves behind, without what may differ between two runs: ids of commits and rows, times, orders of chance. */
export type EndState = Readonly<Record<string, readonly string[]>>;

/** Reads it, from GitHub and from the records. */
export async function readEndState(mortal: MortalStory): Promise<EndState> {
  return { ...(await branchesOf(mortal)), ...(await pullsOf(mortal)), ...(await rowsOf(mortal)) };
}

async function branchesOf({ story, githubFolder }: MortalStory): Promise<EndState> {
  const objects = new Objects(githubFolder);
  const moves = (await story.control('GET', '/_sim/refs-log')) as Json[];
  const tips = new Map<string, string | null>();
  for (const one of moves) tips.set(`${one.repository as string} ${one.ref as string}`, one.to);
  const state: Record<string, string[]> = {};
  for (const [place, tip] of tips) {
    if (tip === null || !place.includes('refs/heads/')) continue;
    state[neutral(`branch ${place}`)] = (await objects.log(tip)).map(neutral);
  }
  return state;
}

async function pullsOf({ story }: MortalStory): Promise<EndState> {
  const state: Record<string, string[]> = {};
  for (const { path, fullName } of story.repositories) {
    const read = (what: string) => story.as('root').get(`${path}/${what}per_page=100`);
    const [pulls, issues, comments, deployments] = (await Promise.all([
      read('pulls?state=all&'),
      read('issues?state=all&'),
      read('issues/comments?'),
      read('deployments?'),
    ])) as Json[][];
    const ours = (issues ?? []).filter((one) => one.pull_request === undefined);
    state[`issues ${fullName}`] = ours.map((one) => `#${one.number} ${one.state as string}`);
    for (const one of pulls ?? []) state[`pull ${fullName}#${one.number}`] = [describe(one)];
    for (const one of comments ?? []) {
      const number = (one.issue_url as string).split('/').at(-1) ?? '';
      const reactions = `${one.reactions?.['+1'] ?? 0}/${one.reactions?.total_count ?? 0}`;
      const line = neutral(`${one.user.login}: ${one.body} (${reactions})`);
      (state[`comments ${fullName}#${number}`] ??= []).push(line);
    }
    state[`deployments ${fullName}`] = (deployments ?? []).map((one) =>
      `${one.environment as string} of ${one.ref as string}`.replace(HEX, 'SHA'),
    );
  }
  for (const lines of Object.values(state)) lines.sort();
  return state;
}

function describe(pull: Json): string {
  const labels = (pull.labels as { name: string }[]).map((one) => one.name).sort();
  const { state, base, head, title, body, draft } = pull;
  return neutral(JSON.stringify([state, base.ref, head.label, title, body, draft, labels]));
}

const ROWS: Readonly<Record<string, string>> = {
  pulls: `select r.name || '#' || p.number || ' ' || p.state || ' ' || p.status || ' ' || p.closed || ' ' || p.base
      || ' approved ' || coalesce((p.approved_sha = p.head)::text, '-') || ' by ' || coalesce(who.login, '-')
      || ' blocked ' || coalesce(p.blocked, '-') || ' error ' || coalesce(p.error, '-')
      || ' source ' || coalesce(source.number::text, '-') || ' parent ' || coalesce(parent.number::text, '-')
      || ' detached ' || coalesce(p.detach_reason, '-') || ' limit ' || coalesce(stop.name, '-')
      || ' conflict ' || p.conflict || ' method ' || coalesce(p.merge_method, '-')
      || ' with ' || (select string_agg(o.number::text, ',' order by o.repository_id, o.number) from pull_request o where o.batch_id = p.batch_id)
      as line
    from pull_request p join repository r on r.id = p.repository_id
    left join person who on who.id = p.approved_by_id left join branch stop on stop.id = p.limit_id
    left join pull_request source on source.id = p.source_id left join pull_request parent on parent.id = p.parent_id`,
  stagings: `select b.name || ' ' || s.state || ' ' || s.active || ' ' || (
      select string_agg(p.number::text, ',' order by p.repository_id, p.number) from staging_pull t
        join pull_request p on p.id = t.pull_request_id where t.staging_id = s.id) as line
    from staging s join branch b on b.id = s.branch_id where s.state <> 'cancelled'`,
  ports: `select s.number || ' to ' || b.name || ' ' || t.state || ' ' || coalesce(t.reason, '-') || ' #' || coalesce(p.number::text, '-') as line
    from port t join pull_request s on s.id = t.source_id join branch b on b.id = t.target_id
    left join pull_request p on p.id = t.pull_request_id`,
  batches: `select label || ' ' || active || ' ' || coalesce(blocked, '-') || ' ' || (merged_at is not null) || ' ' || (split_id is null) as line from batch`,
  switches: `select name || ' ' || staging_enabled || ' ' || active as line from branch
    union all select name || ' ' || staging_enabled || ' ' || frozen from project`,
  left: `select 'delivery' as line from delivery where done_at is null union all select 'status' from status_job
    union all select 'fetch' from fetch_job union all select 'feedback ' || key from feedback where done_at is null
    union all select 'label' from label_change union all select 'issue' from issue_job
    union all select 'validate' from validate_job union all select 'port' from forwardport_job
    union all select 'update' from forwardport_update union all select 'split' from split`,
};

async function rowsOf({ story }: MortalStory): Promise<EndState> {
  const state: Record<string, string[]> = {};
  for (const [name, sql] of Object.entries(ROWS)) {
    const rows = await story.bot.world.db.query<{ line: string }[]>(sql);
    state[`rows ${name}`] = rows.map((one) => neutral(one.line)).sort();
  }
  return state;
}

const HEX = /\b[0-9a-f]{7,40}\b/g;

/** Ids that a process which died has used up are not used again; dates of the bot's commits are those of the run. */
function neutral(text: string): string {
  return text
    .replace(/<!-- stagecoach:[^>]*-->/g, (marker) =>
      marker.replace(HEX, 'SHA').replace(/\d{2,}|\/\d+/g, 'N'),
    )
    .replace(/-\d+-fw\b/g, '-N-fw')
    .replace(/(stagings?|batch(?:es)?)[/ ]\d+/g, '$1 N')
    .replace(HEX, 'SHA')
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'http://here');
}

/** Where two ends differ, line by line. */
export function differences(wanted: EndState, found: EndState): string[] {
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(found)])].sort();
  return keys.flatMap((key) => {
    const [left, right] = [[...(wanted[key] ?? [])], [...(found[key] ?? [])]];
    const extra = right.filter((line) => !take(left, line));
    return [
      ...left.map((line) => `${key}: missing: ${line}`),
      ...extra.map((line) => `${key}: not in the undisturbed run: ${line}`),
    ];
  });
}

function take(lines: string[], line: string): boolean {
  const at = lines.indexOf(line);
  if (at >= 0) lines.splice(at, 1);
  return at >= 0;
}
