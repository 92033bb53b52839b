/** One entry of GitHub's `errors` in a 422. */
export interface Problem {
  readonly resource?: string;
  readonly field?: string;
  readonly code?: string;
  readonly message?: string;
  readonly value?: unknown;
}

/** A call refused the way GitHub refuses it; the server turns it into an answer. */
export class Refused extends Error {
  readonly status: number;
  readonly problems: readonly (Problem | string)[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: {
      problems?: readonly (Problem | string)[];
      headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.problems = more.problems ?? [];
    this.headers = more.headers ?? {};
  }
}

/** 404: it is not there, or it is none of the caller's business. */
export function notFound(): Refused {
  return new Refused(404, 'Not Found');
}

/** 404 for a call that the simulator does not have. It may be one of GitHub's: that must not look like a thing that is missing. */
export function noSuchCall(method: string, path: string): Refused {
  return new Refused(404, `Not Found: the simulator has no call ${method} ${path}`);
}

/** 403. */
export function forbidden(message = 'Resource not accessible by personal access token'): Refused {
  return new Refused(403, message);
}

/** What an App is told whose installation is suspended. */
export const SUSPENDED = 'This installation has been suspended';

/** 401. */
export function unauthenticated(message = 'Requires authentication'): Refused {
  return new Refused(401, message);
}

/** 422 with the list of what is wrong. */
export function invalid(...problems: (Problem | string)[]): Refused {
  return new Refused(422, 'Validation Failed', { problems });
}
