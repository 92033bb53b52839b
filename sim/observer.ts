/** A REST answer on its way out; diffs and other texts are not shown. */
export interface SeenAnswer {
  /** GET for HEAD, which is answered alike. */
  readonly method: string;
  /** Without `/api/v3`, without the query, with the repository's name of today. */
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
  /** The body that was sent, when there was one. */
  readonly sent: string | null;
  readonly status: number;
  /** JSON; null when there is no body. */
  readonly body: string | null;
}

/** A webhook made, whether or not it is ever sent. */
export interface SeenWebhook {
  readonly event: string;
  /** JSON. */
  readonly payload: string;
}

/**
 * Somebody who looks on in this process: a test harness that holds what the simulator says against what
 * GitHub publishes. Answers of faults on order are not shown, they are the test's own words.
 */
export interface Observer {
  answer: (seen: SeenAnswer) => void;
  webhook: (seen: SeenWebhook) => void;
}
