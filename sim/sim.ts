import { EventEmitter } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CiRule } from './ci/rule.ts';
import type { Fault } from './http/faults.ts';
import { Store } from './git/store.ts';
import type { Observer } from './observer.ts';
import { emptyState } from './state/state.ts';
import type { Repository, State } from './state/types.ts';
import { Deliverer } from './webhooks/deliver.ts';

/** A line of the log of calls. `operation` is GitHub's operation id, a GraphQL operation or a git service. */
export interface RequestEntry {
  readonly id: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  operation: string | null;
  actor: string | null;
  status: number;
}

/** A line of the log of ref updates; `from` and `to` are null at creation and deletion. */
export interface RefEntry {
  readonly at: string;
  readonly repository: string;
  readonly ref: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly actor: string;
  readonly forced: boolean;
}

/** Switches of the control interface that are no part of the world itself. */
export interface Switches {
  faults: Fault[];
  lagMs: number;
  ci: CiRule[];
  /** Calls an account may make in an hour; null counts without refusing. */
  rateLimit: number | null;
  /** Writing calls an account may make in a minute before GitHub's secondary limit; null for no limit. */
  secondaryLimit: number | null;
}

/** A whole small GitHub: its world, its repositories on disk, its logs and its outgoing webhooks. */
export class Sim {
  readonly dataDir: string;
  url = '';
  state: State = emptyState();
  switches: Switches = freshSwitches();
  requests: RequestEntry[] = [];
  refsLog: RefEntry[] = [];
  readonly deliverer: Deliverer;
  /** Emits `push` and `pull` for the fake CI. */
  readonly bus = new EventEmitter();
  readonly #stores = new Map<number, Store>();
  readonly #locks = new Map<number, Promise<unknown>>();
  #snapshots: { at: number; state: State }[] = [];
  /** Counted up by every reset, so that late timers of an older world do nothing. */
  generation = 0;
  ciPending = 0;

  readonly observer: Observer | null;

  constructor(dataDir: string, observer: Observer | null = null) {
    this.dataDir = dataDir;
    this.observer = observer;
    mkdirSync(dataDir, { recursive: true });
    this.deliverer = new Deliverer(observer);
  }

  /** The object store of a fork network. */
  store(networkId: number): Store {
    const known = this.#stores.get(networkId);
    if (known) return known;
    const store = new Store(join(this.dataDir, 'networks', `${networkId}.git`));
    this.#stores.set(networkId, store);
    return store;
  }

  /** The bare repository on disk. */
  gitDir(repository: Repository): string {
    return join(this.dataDir, 'repositories', `${repository.id}.git`);
  }

  /** Runs writes to one fork network one after another. */
  async locked<T>(networkId: number, work: () => Promise<T> | T): Promise<T> {
    const before = this.#locks.get(networkId) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    this.#locks.set(networkId, settled);
    return mine;
  }

  /** What a reading call sees: with lag on, the newest picture that is old enough. */
  view(): State {
    const lag = this.switches.lagMs;
    if (lag <= 0) return this.state;
    const until = Date.now() - lag;
    while ((this.#snapshots[1]?.at ?? Infinity) <= until) this.#snapshots.shift();
    return this.#snapshots[0]?.state ?? this.state;
  }

  /** Takes a picture after a write; costs nothing while lag is off. */
  remember(): void {
    if (this.switches.lagMs <= 0) return;
    this.#snapshots.push({ at: Date.now(), state: structuredClone(this.state) });
  }

  /** Turns lag on or off; the picture of this moment is the oldest one. */
  setLag(ms: number): void {
    this.switches.lagMs = ms;
    this.#snapshots = [];
    if (ms > 0) this.#snapshots.push({ at: 0, state: structuredClone(this.state) });
  }

  /** Throws the world away. */
  reset(): void {
    this.generation += 1;
    this.ciPending = 0;
    this.deliverer.reset();
    this.#closeStores();
    this.state = emptyState();
    this.switches = freshSwitches();
    this.#snapshots = [];
    this.requests = [];
    this.refsLog = [];
    for (const folder of ['networks', 'repositories'])
      rmSync(join(this.dataDir, folder), { recursive: true, force: true });
  }

  /** Ends every process and timer. */
  close(): void {
    this.generation += 1;
    this.deliverer.reset();
    this.#closeStores();
  }

  #closeStores(): void {
    for (const store of this.#stores.values()) store.close();
    this.#stores.clear();
  }
}

function freshSwitches(): Switches {
  return { faults: [], lagMs: 0, ci: [], rateLimit: null, secondaryLimit: null };
}
