/** An item of a queue is to be tried again at a time of its own choice. `counts: false` gives the try back. */
export class TryLater extends Error {
  readonly afterMs: number;
  readonly counts: boolean;

  constructor(message: string, options: { readonly afterMs: number; readonly counts: boolean }) {
    super(message);
    this.afterMs = options.afterMs;
    this.counts = options.counts;
  }
}

/** An item of a queue that no repetition can help: it becomes a dead letter at once, and a person looks at it. */
export class GiveUp extends Error {}
