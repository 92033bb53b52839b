/** How a request came in; written to the audit log. */
export type Via = 'api' | 'page' | 'cli';

/** Who sends a request. */
export type Caller = (
  | { readonly kind: 'anonymous' }
  /** Somebody on this machine, where the server is open and bound to loopback alone. */
  | { readonly kind: 'local' }
  | { readonly kind: 'token'; readonly name: string }
  | { readonly kind: 'person'; readonly githubId: string; readonly login: string }
) & { readonly via: Via };

/** The caller as the audit log and `changed_by` name him. */
export function actorOf(caller: Caller): string {
  switch (caller.kind) {
    case 'anonymous':
      return 'anonymous';
    case 'local':
      return 'local';
    case 'token':
      return `token:${caller.name}`;
    case 'person':
      return caller.login;
  }
}
