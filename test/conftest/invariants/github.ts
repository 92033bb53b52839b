import { call, type Json, personAt } from '../people.ts';

/** A ref as it was moved; null is absent. */
export interface RefMove {
  readonly repository: string;
  readonly ref: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly actor: string;
  readonly forced: boolean;
}

/** A comment, by whom, on which pull request or issue. */
export interface SeenComment {
  readonly id: number;
  readonly repository: string;
  readonly number: number;
  readonly author: string;
  readonly body: string;
}

/** A pull request as GitHub shows it. */
export interface SeenPull {
  readonly repository: string;
  readonly number: number;
  readonly author: string;
  readonly open: boolean;
  readonly base: string;
  readonly headRef: string;
  readonly headOwner: string;
  readonly head: string;
}

/** A webhook and what the receiver answered. */
export interface SeenDelivery {
  readonly guid: string;
  readonly event: string;
  readonly statusCode: number;
}

/** What really happened at GitHub: its own logs, not the bot's records. */
export interface Seen {
  readonly moves: readonly RefMove[];
  readonly comments: readonly SeenComment[];
  readonly pulls: readonly SeenPull[];
  readonly deliveries: readonly SeenDelivery[];
}

const PAGE = 100;

/** Reads it from the simulator. */
export async function readGitHub(sim: string, repositories: readonly string[]): Promise<Seen> {
  const control = (path: string): Promise<Json> => call(`${sim}${path}`, { method: 'GET' });
  const [moves, deliveries, comments, pulls] = await Promise.all([
    control('/_sim/refs-log'),
    control('/_sim/deliveries'),
    Promise.all(repositories.map((name) => commentsOf(sim, name))),
    Promise.all(repositories.map((name) => pullsOf(sim, name))),
  ]);
  return {
    moves: (moves as RefMove[]).map((one) => ({ ...one, actor: accountOf(one.actor) })),
    deliveries: (deliveries as Json[]).map((one) => ({
      guid: one.guid as string,
      event: one.event as string,
      statusCode: one.status_code as number,
    })),
    comments: comments.flat(),
    pulls: pulls.flat(),
  };
}

/** What an App does counts as done by the bot that it is the login of: its account is called by the same name. */
function accountOf(login: string): string {
  return login.replace(/\[bot\]$/, '');
}

async function commentsOf(sim: string, repository: string): Promise<SeenComment[]> {
  const listed = await listAll(sim, `/repos/${repository}/issues/comments?`);
  return listed.map((one) => ({
    id: one.id as number,
    repository,
    number: Number((one.issue_url as string).split('/').at(-1)),
    author: accountOf((one.user?.login ?? 'ghost') as string),
    body: one.body as string,
  }));
}

async function pullsOf(sim: string, repository: string): Promise<SeenPull[]> {
  const listed = await listAll(sim, `/repos/${repository}/pulls?state=all&`);
  return listed.map((one) => ({
    repository,
    number: one.number as number,
    author: accountOf((one.user?.login ?? 'ghost') as string),
    open: one.state === 'open',
    base: one.base.ref as string,
    headRef: one.head.ref as string,
    headOwner: (one.head.user?.login ?? 'ghost') as string,
    head: one.head.sha as string,
  }));
}

async function listAll(sim: string, path: string): Promise<Json[]> {
  const all: Json[] = [];
  for (let page = 1; ; page += 1) {
    const found = (await personAt(sim, 'root').get(
      `${path}per_page=${PAGE}&page=${page}`,
    )) as Json[];
    all.push(...found);
    if (found.length < PAGE) return all;
  }
}
