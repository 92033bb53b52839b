import type { DataSource } from 'typeorm';
import type { ConflictFacts } from '../../models/port.ts';
import type { PullRequestState } from '../../rules/pull-request.ts';

/** One commit a port is made of, and the one its copy has to name: the commit as merged, else itself (R25). */
export interface PortCommit {
  readonly sha: string;
  readonly subject: string;
  readonly original: string;
}

/** A port with all it takes to make it again by hand. */
export interface PortRecipe {
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly state: PullRequestState;
  readonly target: string;
  /** Word that starts a command line to the bot. */
  readonly bot: string;
  /** The first pull request of the chain: `owner/repo#n`. */
  readonly source: string;
  readonly head: string;
  /** Where the bot left the branch: another head is somebody's work. */
  readonly made: string | null;
  readonly branch: string;
  /** Repository the branch is in: `owner/name`. */
  readonly remote: string;
  readonly conflict: Pick<ConflictFacts, 'files' | 'output' | 'empty'> | null;
  /** Oldest first; empty for a port that did not conflict. */
  readonly commits: readonly PortCommit[];
}

type Row = Omit<PortRecipe, 'conflict' | 'commits'> & {
  readonly facts: ConflictFacts | null;
  readonly maps: readonly (Readonly<Record<string, string>> | null)[];
};

/** Reads one port, or null when the bot made none of that number. */
export async function findPort(
  db: DataSource,
  repository: string,
  number: number,
): Promise<PortRecipe | null> {
  const [row] = await db.query<Row[]>(
    `select r.name as repository, p.number, p.title, p.state, p.base as target, j.bot,
            sr.name || '#' || s.number as source, p.head, o.head as made, o.branch,
            coalesce(r.forwardport_remote, r.name) as remote, o.conflict as facts,
            (select json_agg(f.commits_map) from pull_request f where f.id = s.id or f.source_id = s.id) as maps
       from port o
       join pull_request p on p.id = o.pull_request_id
       join repository r on r.id = p.repository_id
       join project j on j.id = r.project_id
       join pull_request s on s.id = o.source_id
       join repository sr on sr.id = s.repository_id
      where lower(r.name) = lower($1) and p.number = $2`,
    [repository, number],
  );
  if (!row) return null;
  const { facts, maps, ...port } = row;
  const landed = new Map(maps.flatMap((map) => Object.entries(map ?? {})));
  const commits = (facts?.commits ?? []).map(({ sha, subject }) => ({
    sha,
    subject,
    original: landed.get(sha) ?? sha,
  }));
  return { ...port, conflict: facts && shown(facts), commits };
}

function shown({ files, output, empty }: ConflictFacts): PortRecipe['conflict'] {
  return { files, output, empty };
}
