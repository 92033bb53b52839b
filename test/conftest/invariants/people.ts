import { type Facts, nameOf, repositoryName } from './facts.ts';

/** I-12: what is staged, and what was merged, is the head that was approved. */
export function unapprovedHeads(facts: Facts): string[] {
  const { rows } = facts;
  return rows.staged.flatMap((staged) => {
    const staging = rows.stagings.find((one) => one.id === staged.stagingId);
    const pull = rows.pulls.find((one) => one.id === staged.pullRequestId);
    if (!staging || !pull) return [];
    if (!staging.active && staging.state !== 'success') return [];
    if (staged.head === (pull.approvedSha ?? pull.head)) return [];
    return [
      `${nameOf(facts, pull)} was staged as ${staged.head}, approved is ${String(pull.approvedSha)}`,
    ];
  });
}

/** I-13: ready is only what is approved as it is now. */
export function staleApprovals(facts: Facts): string[] {
  const { pulls, batches } = facts.rows;
  return pulls
    .filter((pull) => pull.state === 'ready' && pull.approvedSha !== pull.head)
    .filter((pull) => batches.find((one) => one.id === pull.batchId)?.skipchecks !== true)
    .map((pull) => `${nameOf(facts, pull)} is ready, approved is ${String(pull.approvedSha)}`);
}

/** I-17: the bot never obeys itself. */
export function ownCommands({ rows, github, bot }: Facts): string[] {
  const own = new Set(github.comments.filter((one) => one.author === bot).map((one) => one.id));
  return rows.commands
    .filter((one) => one.kind === 'comment' && own.has(Number(one.githubId)))
    .map((one) => `the bot acted on its own comment ${one.githubId}`);
}

/** The hidden last line of the bot's comments. */
const MARKER = /<!-- stagecoach:(\S+) -->\s*$/;

/** I-24: everything the bot did at GitHub was written down before. */
export function unplannedActs(facts: Facts): string[] {
  return [...unplannedWords(facts), ...unplannedRefs(facts), ...unplannedPulls(facts)];
}

function unplannedWords({ rows, github, bot }: Facts): string[] {
  const sent = new Set(
    rows.feedback
      .filter((one) => one.kind === 'comment' && one.sentAt !== null)
      .map((one) => one.key),
  );
  return github.comments
    .filter((one) => one.author === bot)
    .map((one) => ({ one, key: MARKER.exec(one.body)?.[1] }))
    .filter(({ key }) => key !== undefined && !key.includes('%') && key.length < 200)
    .filter(({ key }) => !sent.has(key ?? ''))
    .map(
      ({ one, key }) => `${one.repository}#${one.number}: ${key ?? ''} was said and never planned`,
    );
}

function unplannedRefs({ rows, github, bot }: Facts): string[] {
  const staged = new Set(rows.heads.map((one) => one.head));
  const rehearsed = new Set(rows.steps.map((one) => one.to));
  const ported = new Set(rows.ports.map((one) => `refs/heads/${one.branch}`));
  const isPlanned = ({ ref, from, to }: (typeof github.moves)[number]): boolean => {
    if (to === null) return true;
    if (ref.startsWith('refs/heads/staging.')) return staged.has(to);
    if (ref.startsWith('refs/heads/tmp.')) return rehearsed.has(to);
    return from !== null || !ref.endsWith('-fw') || ported.has(ref);
  };
  return github.moves
    .filter((move) => move.actor === bot && !isPlanned(move))
    .map((move) => `${move.repository} ${move.ref} went to ${String(move.to)}, unplanned`);
}

function unplannedPulls({ rows, github, bot }: Facts): string[] {
  const branches = new Set(rows.ports.map((one) => one.branch));
  return github.pulls
    .filter((one) => one.author === bot && !branches.has(one.headRef))
    .map((one) => `${one.repository}#${one.number} was opened by the bot, unplanned`);
}

/** I-32: each message has its comment once. */
export function doubledWords({ rows, github, bot }: Facts): string[] {
  const counts = new Map<string, number>();
  for (const { author, body, repository, number } of github.comments) {
    const key = MARKER.exec(body)?.[1];
    if (author !== bot || key === undefined) continue;
    const place = `${repository}#${number} ${key}`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const twice = [...counts].filter(([, count]) => count > 1);
  const places = new Set(github.pulls.map((one) => `${one.repository}#${one.number}`));
  const silent = rows.feedback
    .filter((one) => one.kind === 'comment' && one.doneAt !== null)
    .map((one) => ({
      key: one.key,
      place: `${repositoryName(rows, one.repositoryId)}#${one.number}`,
    }))
    .filter(({ place, key }) => places.has(place) && /^[\w/#.:@-]{1,200}$/.test(key))
    .filter(({ place, key }) => !key.includes('--') && !counts.has(`${place} ${key}`));
  return [
    ...twice.map(([place, count]) => `${place} was said ${count} times`),
    ...silent.map(({ place, key }) => `${place}: ${key} is done and was never said`),
  ];
}

const MANY = 40;

/** I-33: no loop of words. */
export function floods({ github, bot }: Facts): string[] {
  const counts = new Map<string, number>();
  for (const { author, repository, number } of github.comments) {
    const place = `${repository}#${number}`;
    if (author === bot) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > MANY)
    .map(([place, count]) => `${place} has ${count} comments of the bot`);
}
