import { createHmac, randomUUID } from 'node:crypto';
import type { Json } from '../../conftest/people.ts';
import type { TestPull } from '../../conftest/pull.ts';
import type { Story } from '../../conftest/story.ts';

/** CI passes, and rita approves, possibly with more words. */
export async function makeReady(story: Story, pull: TestPull, words = 'r+'): Promise<void> {
  await pull.passes();
  await pull.comment(words);
  await story.settle();
}

/** Opens pull requests on one branch, each with a file of its own, and makes them ready in order. */
export async function readyPulls(story: Story, count: number): Promise<TestPull[]> {
  const pulls: TestPull[] = [];
  for (let n = 0; n < count; n += 1) {
    const pull = await story.repository().pullRequest();
    await makeReady(story, pull);
    pulls.push(pull);
  }
  return pulls;
}

/** Does something while nothing new is staged; then staging goes on with all there is. */
export async function whileNothingIsStaged<T>(story: Story, act: () => Promise<T>): Promise<T> {
  const turn = (active: boolean) =>
    story.api('PATCH', '/api/crons/staging', { active, reason: 'gather them first' });
  await turn(false);
  const result = await act();
  await turn(true);
  await story.settle();
  return result;
}

/** Stagings of a branch, newest first. */
export async function stagings(story: Story, branch = 'master'): Promise<Json[]> {
  return (await story.api('GET', `/api/stagings?branch=${branch}&limit=50`)).items as Json[];
}

/** Places of pull requests in the running staging of master, in its order; one that is not among them is -1. */
export async function running(story: Story, pulls: readonly TestPull[]): Promise<number[]> {
  const [newest] = await stagings(story);
  if (!newest?.active) return [];
  return namesIn(newest).map((name) => pulls.findIndex((pull) => pull.name === name));
}

/** Names of the pull requests of a staging, in its order. */
export function namesIn(staging: Json): string[] {
  const batches = staging.batches as { pulls: { repository: string; number: number }[] }[];
  return batches.flatMap((batch) => batch.pulls.map((one) => `${one.repository}#${one.number}`));
}

/** States of pull requests. */
export function states(pulls: readonly TestPull[]): Promise<string[]> {
  return Promise.all(pulls.map((pull) => pull.state()));
}

/** CI says this of every staged head of a branch. */
export async function stagingReports(
  story: Story,
  state: 'success' | 'failure' | 'pending',
  branch = 'master',
): Promise<void> {
  story.clock.advance(1_000); // what is staged next is another commit, also with the same content
  for (const repository of story.repositories) {
    const head = await repository.head(`staging.${branch}`);
    if (head !== null) await repository.branch(`staging.${branch}`).reports(state);
  }
  await story.settle();
}

/** The split a pull request's batch waits in, or null. */
export async function splitOf(story: Story, pull: TestPull): Promise<number | null> {
  const { batch } = await pull.info();
  return (await story.api('GET', `/api/batches/${String(batch)}`)).split as number | null;
}

/** What CI says of a commit. */
interface Word {
  /** acme/app when left out. */
  readonly repository?: string;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  /** GitHub counts whole seconds, and its clock does not move with the story. */
  readonly at: Date;
}

/** The bot hears a commit status with a time of the story's choice. */
export async function hearStatus(
  story: Story,
  { at, repository: name = 'acme/app', ...word }: Word,
): Promise<void> {
  const { id } = (await story.as('root').get(`/repos/${name}`)) as { id: number };
  const repository = { id, full_name: name };
  const times = { created_at: at.toISOString(), updated_at: at.toISOString() };
  const rest = { id: 1, target_url: null, description: null, branches: [] };
  const payload = { ...word, ...rest, ...times, repository };
  const answer = await deliver(story, 'status', { payload });
  if (answer !== 202) throw new Error(`the status was answered with ${answer}`);
}

/** Sends the bot a webhook, signed with the secret of the project or another one. @returns the answer's status. */
export async function deliver(
  story: Story,
  event: string,
  { payload, key }: { readonly payload: object; readonly key?: string },
): Promise<number> {
  const body = JSON.stringify(payload);
  const secret = key ?? story.config.projects[0]?.webhookSecrets[0]?.reveal() ?? '';
  const answer = await fetch(`${story.bot.url}/webhooks/github`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
  });
  await story.settle();
  return answer.status;
}
