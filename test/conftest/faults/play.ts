import type { Shape } from '../story.ts';
import { Ci } from './ci.ts';
import { type EndState, readEndState } from './end-state.ts';
import { MortalStory } from './mortal.ts';
import type { Points } from './points.ts';

/** What people and CI do; the bot comes to rest after each. Acts speak to GitHub alone, so that the bot may be dead. */
export type Act = (scene: { readonly mortal: MortalStory; readonly ci: Ci }) => Promise<void>;

/** A story that is told again and again, each time with something else going wrong. */
export interface Scenario {
  readonly name: string;
  readonly shape: Shape;
  readonly acts: Readonly<Record<string, Act>>;
  /** Lines of the end (`part: line`) that mishaps may change: see where it is set. */
  readonly varies?: RegExp;
}

/** How a telling ended. */
export interface Ending {
  readonly state: EndState;
  readonly restarts: number;
}

/** Disturbs a telling between its acts: the order of webhooks, faults at GitHub. */
export interface Trouble {
  /** Which of the processes that take over do so on another machine: one count for each way. */
  readonly lived?: number;
  /** Before the first act. */
  begin?(mortal: MortalStory): Promise<void>;
  /** After people and CI have acted, before the bot has noticed. */
  meanwhile?(mortal: MortalStory): Promise<void>;
  /** After each act, once the bot is at rest. */
  after?(mortal: MortalStory): Promise<void>;
}

/**
 * Tells a story. Its end is closed like that of every story: a broken invariant, a dead letter, a queue that does not come
 * to rest are errors.
 *
 * @throws Error that names what went wrong before.
 */
export async function play(
  { shape, acts }: Scenario,
  points: Points,
  trouble: Trouble = {},
): Promise<Ending> {
  try {
    await using mortal = await MortalStory.open(patient(shape), points, trouble.lived);
    const scene = { mortal, ci: new Ci(mortal.story) };
    await trouble.begin?.(mortal);
    for (const [name, act] of Object.entries(acts)) {
      points.begin(name);
      await act(scene);
      await trouble.meanwhile?.(mortal);
      await mortal.settle();
      await trouble.after?.(mortal);
    }
    points.begin('end');
    return { state: await readEndState(mortal), restarts: mortal.restarts };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`after ${points.met.join(', ')}: ${message}`, { cause: error });
  }
}

/** Retries take hours of the story's time: no staging may time out and nobody be reminded for that alone. */
function patient(shape: Shape): Shape {
  return {
    ...shape,
    staging: { timeout: '60d', ...shape.staging },
    reminders: { after: '365d', ...shape.reminders },
  };
}
