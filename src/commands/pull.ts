import { pullName } from '../ledger/facts.ts';
import { refreshBatches } from '../ledger/refresh.ts';
import { cannotDelegate, nobodysLogin } from '../messages/commands.ts';
import { info, methodSet } from '../messages/pull-request.ts';
import { PullRequest } from '../models/pull-request.ts';
import { gateFacts } from '../models/queries/gate-facts.ts';
import { FetchJob } from '../models/queues.ts';
import { gates } from '../rules/gates.ts';
import type { MergeMethod } from '../rules/merge-method.ts';
import { delegateTo } from './access.ts';
import type { Answer, CommandContext } from './context.ts';
import { personNamed } from './named.ts';

/** `merge`, `rebase-merge`, `rebase-ff`, `squash`. */
export async function setMergeMethod(
  { tx, pull, now }: CommandContext,
  method: MergeMethod,
): Promise<Answer> {
  await tx.update(PullRequest, pull.id, { mergeMethod: method });
  await refreshBatches(tx, [pull.batchId], { now });
  return { text: methodSet({ method }) };
}

/** `check`: reads the pull request anew; what was missed is told by the fetch. */
export async function checkAgain({ tx, pull, actor, now }: CommandContext): Promise<Answer> {
  const { repositoryId, number } = pull;
  await tx.insert(FetchJob, { repositoryId, number, asker: actor.login, queuedAt: now });
  return {};
}

/** `info`: state and gates (R12). */
export async function tellInfo({ tx, pull, repository, project }: CommandContext): Promise<Answer> {
  const { state } = await tx.findOneByOrFail(PullRequest, { id: pull.id });
  const name = pullName(repository, pull);
  const pageUrl = `${project.settings.pagesUrl}/${repository.name}/pull/${pull.number}`;
  return { text: info({ name, state, gates: gates(await gateFacts(tx, pull.id)), pageUrl }) };
}

/** `delegate+` is for the author, `delegate=` for the people named; GitHub was asked who they are. */
export async function delegate(
  context: CommandContext,
  logins: readonly string[],
): Promise<Answer> {
  const { tx, pull, project } = context;
  if (logins.length === 0 && pull.authorId !== null) await delegateTo(context, pull.authorId);
  for (const login of logins) {
    const person = await personNamed(tx, login);
    if (!person || person.githubId === null) return { rejection: nobodysLogin({ login }) };
    if (project.ownIds.includes(person.githubId)) return { rejection: cannotDelegate({ login }) };
    await delegateTo(context, person.id);
  }
  return {};
}

/** `override=`: the contexts count as passed on this pull request and its attached ports. */
export async function overrideContexts(
  { tx, pull, actor, text, repository, now }: CommandContext,
  contexts: readonly string[],
): Promise<Answer> {
  const { overrides } = await tx.findOneByOrFail(PullRequest, { id: pull.id });
  const url = `${repository.name}#${pull.number} ${text.kind} ${text.id}`;
  const added = Object.fromEntries(contexts.map((one) => [one, { by: actor.id, url }]));
  await tx.update(PullRequest, pull.id, { overrides: { ...overrides, ...added } });
  const rows = await tx.query<{ batchId: number }[]>(
    `with recursive line as (
       select id, batch_id from pull_request where id = $1
       union select p.id, p.batch_id from pull_request p join line on p.parent_id = line.id)
     select batch_id as "batchId" from line`,
    [pull.id],
  );
  await refreshBatches(
    tx,
    rows.map((row) => row.batchId),
    { now },
  );
  return {};
}
