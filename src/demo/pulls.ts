import { callJson, until } from './http.ts';
import type { DemoWorld, Login } from './types.ts';

/** A pull request of the story. */
export interface StoryPull {
  readonly repository: string;
  readonly number: number;
}

/** What the bot knows of a pull request, as far as the story looks. */
export interface PullInfo {
  readonly state: string;
  readonly batch: number;
  readonly merged_sha: string | null;
  readonly blocked: string | null;
  readonly forwardports: readonly {
    readonly target: string;
    readonly repository: string;
    readonly number: number | null;
    readonly conflict: boolean;
  }[];
}

/** `acme/web#3`. */
export function nameOf({ repository, number }: StoryPull): string {
  return `${repository}#${number}`;
}

/** Opens a pull request from alice's fork. */
export async function openPull(
  world: DemoWorld,
  wanted: {
    readonly repository: string;
    readonly branch: string;
    readonly title: string;
    readonly body: string;
  },
): Promise<StoryPull> {
  const { repository, branch, title, body } = wanted;
  const made = await world.as<{ number: number }>('alice', 'POST', `/repos/${repository}/pulls`, {
    ...{ title, body, head: `alice:${branch}`, base: '17.0' },
  });
  return { repository, number: made.number };
}

/** Comments, as people talk to the bot. */
export async function say(
  world: DemoWorld,
  pull: StoryPull,
  what: { by: Login; text: string },
): Promise<void> {
  const path = `/repos/${pull.repository}/issues/${pull.number}/comments`;
  await world.as(what.by, 'POST', path, { body: what.text });
}

/** What the bot says of it. */
export function ask(world: DemoWorld, pull: StoryPull): Promise<PullInfo> {
  return callJson(`${world.bot}/api/pulls/${pull.repository}/${pull.number}`);
}

/** Waits until the bot says it is in a state. */
export function reaches(world: DemoWorld, pull: StoryPull, state: string): Promise<PullInfo> {
  return until(`${nameOf(pull)} is ${state}`, async () => {
    const info = await ask(world, pull);
    return info.state === state && info;
  });
}

/** Waits for the port of a pull request on a later branch. */
export function portOn(
  world: DemoWorld,
  pull: StoryPull,
  target: string,
): Promise<StoryPull & { readonly conflict: boolean }> {
  return until(`a port of ${nameOf(pull)} on ${target}`, async () => {
    const { forwardports } = await ask(world, pull);
    const port = forwardports.find((one) => one.target === target);
    if (!port?.number) return null;
    return { repository: port.repository, number: port.number, conflict: port.conflict };
  });
}

/** Where a branch stands at GitHub. */
export async function headOf(
  world: DemoWorld,
  repository: string,
  branch: string,
): Promise<string> {
  const { object } = await world.as<{ object: { sha: string } }>(
    'root',
    'GET',
    `/repos/${repository}/git/ref/heads/${branch}`,
  );
  return object.sha;
}
