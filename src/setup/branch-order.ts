/**
 * Gives every branch its place: the listed ones in the order of the list, a retired one still after the branch it used to
 * follow. Chains of ports that began before a branch was retired go on in the old order.
 *
 * @param known all branches so far, oldest first.
 */
export function orderBranches(listed: readonly string[], known: readonly string[]): string[] {
  const order = [...listed];
  const seen = new Set(listed);
  known.forEach((name, index) => {
    if (seen.has(name)) return;
    const before = known.slice(0, index).findLast((other) => order.includes(other));
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, name);
  });
  return order;
}
