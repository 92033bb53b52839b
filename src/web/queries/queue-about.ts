import type { DataSource } from 'typeorm';
import { pullRefs } from './pull-refs.ts';

/** A pull request, or an issue, by its place. */
export interface Place {
  readonly repository: string;
  readonly number: number;
}

/** What a row of a queue is about. */
export interface About {
  /** In words: `acme/app#12: comment`. */
  readonly about: string;
  readonly places: readonly Place[];
}

/** The columns of rows that say what they are about. */
interface Subject {
  readonly repository_id?: number;
  readonly number?: number;
  readonly pull_request_id?: number | null;
  readonly batch_id?: number;
  readonly person_id?: number | null;
  readonly sha?: string;
  /** `repository id#number`, of a delivery that waits. */
  readonly line?: string | null;
  readonly kind?: string;
  readonly event?: string;
}

/** Names what rows of a queue are about as people name it, in their order. */
export async function aboutRows(db: DataSource, subjects: readonly Subject[]): Promise<About[]> {
  const names = await readNames(db, subjects);
  return subjects.map((subject) => {
    const places = placesOf(subject, names);
    const who = names.people.get(subject.person_id ?? 0);
    const what = who ?? subject.kind ?? subject.event;
    const where = places.map(({ repository, number }) => `${repository}#${number}`).join(', ');
    if (where !== '') return { about: what === undefined ? where : `${where}: ${what}`, places };
    const repository = names.repositories.get(subject.repository_id ?? 0);
    const commit = subject.sha === undefined ? '' : `@${subject.sha.slice(0, 12)}`;
    return { about: repository === undefined ? (what ?? '') : `${repository}${commit}`, places };
  });
}

function placesOf(subject: Subject, names: Names): readonly Place[] {
  const { repositories, pulls, batches } = names;
  const { pull_request_id: pullId, batch_id: batchId, repository_id: repositoryId } = subject;
  const [, lineId, lineNumber] = /^(\d+)#(\d+)$/.exec(subject.line ?? '') ?? [];
  const repository = repositories.get(repositoryId ?? Number(lineId ?? 0));
  const number = subject.number ?? Number(lineNumber ?? 0);
  if (repository !== undefined && number > 0) return [{ repository, number }];
  const ids = pullId === null || pullId === undefined ? batches.get(batchId ?? 0) : [pullId];
  return (ids ?? []).flatMap((id) => pulls.get(id) ?? []);
}

interface Names {
  readonly repositories: ReadonlyMap<number, string>;
  readonly people: ReadonlyMap<number, string>;
  readonly pulls: ReadonlyMap<number, Place>;
  /** Ids of the pull requests of a batch. */
  readonly batches: ReadonlyMap<number, readonly number[]>;
}

async function readNames(db: DataSource, subjects: readonly Subject[]): Promise<Names> {
  const ids = (column: 'batch_id' | 'person_id' | 'pull_request_id'): number[] =>
    subjects.flatMap((one) => one[column] ?? []);
  const repositories = await db.query<{ id: number; name: string }[]>(
    'select id, name from repository',
  );
  const people = await db.query<{ id: number; login: string }[]>(
    'select id, login from person where id = any($1)',
    [ids('person_id')],
  );
  const batches = await db.query<{ id: number; pulls: number[] }[]>(
    `select batch_id as id, array_agg(id order by id) as pulls from pull_request
      where batch_id = any($1) group by batch_id`,
    [ids('batch_id')],
  );
  const pullIds = [...ids('pull_request_id'), ...batches.flatMap(({ pulls }) => pulls)];
  return {
    repositories: new Map(repositories.map(({ id, name }) => [id, name])),
    people: new Map(people.map(({ id, login }) => [id, login])),
    pulls: await pullRefs(db, pullIds),
    batches: new Map(batches.map(({ id, pulls }) => [id, pulls])),
  };
}
