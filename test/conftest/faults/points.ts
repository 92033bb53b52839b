/**
 * What goes wrong at a point. `die`: the process is killed. `fail`: it lives, and is told of an error: GitHub answers 502,
 * the database drops the connection. `cut`: it lives, and the connection ends without a word. Each before the thing is done,
 * or after it was done and nobody was told.
 */
export const MISHAPS = [
  'die before',
  'die after',
  'fail before',
  'fail after',
  'cut before',
  'cut after',
] as const;
export type Mishap = (typeof MISHAPS)[number];

/** What is to go wrong; asked at each point as it is reached. */
export type Plan = (key: string) => Mishap | null;

/**
 * Numbers what the bot does to the world: every call that changes something at GitHub, every push, every commit of the
 * database. The key of a point is the act of the story it belongs to, what is done, and the how-manieth time in that act;
 * what happens meanwhile elsewhere does not shift it.
 */
export class Points {
  readonly reached: string[] = [];
  /** What went wrong: `die before test: push acme/app master (1)`. */
  readonly met: string[] = [];
  readonly #counts = new Map<string, number>();
  readonly #plan: Plan;
  #act = 'start';

  constructor(plan: Plan = () => null) {
    this.#plan = plan;
  }

  /** The story goes on to its next act. */
  begin(act: string): void {
    this.#act = act;
  }

  /** Says that a point is reached, and learns what goes wrong there. */
  reach(label: string): Mishap | null {
    const name = `${this.#act}: ${label}`;
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    const key = `${name} (${count})`;
    this.reached.push(key);
    const mishap = this.#plan(key);
    if (mishap !== null) this.met.push(`${mishap} ${key}`);
    return mishap;
  }
}

/**
 * One process, from its start to its death. Dead is dead: whatever its code still does, nothing of it gets out any more,
 * neither to GitHub nor to the database.
 */
export class Life {
  readonly points: Points;
  readonly #ends: (() => void)[] = [];
  #dead = false;

  constructor(points: Points) {
    this.points = points;
  }

  isDead(): boolean {
    return this.#dead;
  }

  /** What has to happen at once when it dies. */
  onDeath(end: () => void): void {
    this.#ends.push(end);
  }

  die(): void {
    if (this.#dead) return;
    this.#dead = true;
    for (const end of this.#ends) end();
  }
}
