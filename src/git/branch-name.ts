/**
 * Tells whether git lets a branch have this name. Such a name may still be hostile (`--upload-pack=…`):
 * it is safe only inside a full refspec.
 *
 * @see git-check-ref-format(1), rules 1 to 10, under `refs/heads/`.
 */
export function isBranchName(name: string): boolean {
  if (name === '' || Buffer.byteLength(name) > 250) return false;
  if (FORBIDDEN.test(name)) return false;
  return name.split('/').every((part) => part !== '' && !/^\.|\.lock$/.test(part));
}

const FORBIDDEN = /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\.$/;

/** Full name of a branch. @throws when git knows no such name: check before with `isBranchName`. */
export function branchRef(name: string): string {
  if (!isBranchName(name)) throw new TypeError(`no branch name: ${JSON.stringify(name)}`);
  return `refs/heads/${name}`;
}
