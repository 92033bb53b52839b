/** Strings that must not be mixed up. The brand exists for the compiler only. */
export type Sha = string & { readonly __brand: 'Sha' };
/** A branch name without `refs/heads/`. */
export type BranchName = string & { readonly __brand: 'BranchName' };
/** `owner/name` of a repository. */
export type RepositoryName = string & { readonly __brand: 'RepositoryName' };

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/; // SHA-1 or SHA-256, lower case as git prints it

/** Tells whether a string is a whole object id. */
export function isSha(text: string): text is Sha {
  return SHA.test(text);
}

/** @throws when the text is no object id: a bug, or a lie from outside that was not checked. */
export function sha(text: string): Sha {
  if (!isSha(text)) throw new TypeError(`not an object id: ${JSON.stringify(text.slice(0, 80))}`);
  return text;
}
