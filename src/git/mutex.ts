/**
 * Lets one task in at a time, in the order they came. Within this process only: a lock file which the
 * git child inherits (and so outlives us) would be taken here, around `task`.
 */
export interface Mutex {
  run<T>(task: () => Promise<T>): Promise<T>;
}

/** Makes an open lock. */
export function createMutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(task) {
      const turn = last.then(task, task);
      last = turn.catch(() => undefined); // the failure belongs to the one who asked
      return turn;
    },
  };
}
