/**
 * Gives the label that says in which version a change on the development branch will first appear
 * (spec 6.5): the trailing number of the branch before it with the minor raised (`17.0` makes
 * `17.1`, `saas-17.2` makes `17.3`), `post-<branch>` without such a number, null without a branch.
 */
export function versionLabel(previousBranch: string | null): string | null {
  if (previousBranch === null) return null;
  const match = /([0-9]{1,9})\.([0-9]{1,9})$/.exec(previousBranch);
  if (match === null) return `post-${previousBranch}`;
  return `${match[1] ?? ''}.${Number(match[2]) + 1}`;
}
