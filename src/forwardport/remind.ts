import { type EntityManager, In, IsNull, LessThanOrEqual, Not } from 'typeorm';
import { say } from '../feedback/say.ts';
import { pullName } from '../ledger/facts.ts';
import { pingsOf } from '../ledger/pings.ts';
import { reminder } from '../messages/forwardport.ts';
import { Project } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import { Repository } from '../models/repository.ts';
import { isOpen } from '../rules/pull-request.ts';
import { nextReminder, remindedTips } from '../rules/reminders.ts';
import { familyOf } from './family.ts';
import type { Run } from '../world.ts';

const DAY_MS = 86_400_000;

/**
 * Reminds people of open ports whose time has come: the tips of their chains, unless they wait for the bot (R24). Each due
 * port gets its next time, also those nobody is reminded of, one transaction a source.
 */
export async function remindDue(run: Run): Promise<void> {
  const { now } = run;
  const due = await run.world.db.manager.find(PullRequest, {
    select: { id: true, sourceId: true },
    where: {
      sourceId: Not(IsNull()),
      reminderAt: LessThanOrEqual(now),
      state: Not(In(['merged', 'closed'])),
    },
  });
  for (const sourceId of new Set(due.map((port) => port.sourceId))) {
    if (sourceId === null || !(await run.mayGoOn())) continue;
    const { login } = await botOf(run, sourceId);
    await run.transaction((tx) => remindFamily(tx, { sourceId, bot: login, now }));
  }
}

async function botOf(run: Run, sourceId: number): Promise<{ login: string }> {
  const rows = await run.world.db.query<{ name: string }[]>(
    `select p.name from project p join repository r on r.project_id = p.id
       join pull_request s on s.repository_id = r.id where s.id = $1`,
    [sourceId],
  );
  return run.world.identity(rows[0]?.name ?? '', 'forwardport');
}

async function remindFamily(
  tx: EntityManager,
  { sourceId, bot, now }: { sourceId: number; bot: string; now: Date },
): Promise<void> {
  const source = await tx.findOneByOrFail(PullRequest, { id: sourceId });
  const repository = await tx.findOneByOrFail(Repository, { id: source.repositoryId });
  const { settings } = await tx.findOneByOrFail(Project, { id: repository.projectId });
  const ports = (await familyOf(tx, source)).filter((one) => one.id !== source.id);
  const tips = remindedTips(
    ports.map(({ id, parentId, state }) => ({
      id,
      parentId,
      open: isOpen(state),
      ready: state === 'ready',
    })),
  );
  const tipIds = new Set(tips.map((tip) => tip.id));
  for (const port of ports) {
    if (port.reminderAt === null || port.reminderAt > now || !isOpen(port.state)) continue;
    const reminded = tipIds.has(port.id);
    const reminderAt = nextReminder({ ...settings.reminders, openedAt: port.openedAt, last: now });
    await tx.update(PullRequest, port.id, {
      reminderAt,
      ...(reminded ? { remindedAt: now } : {}),
    });
    if (!reminded) continue;
    await say(tx, {
      at: port,
      key: `reminder/${pullName(repository, port)}/${port.reminderAt.toISOString().slice(0, 10)}`,
      text: reminder({
        ping: (await pingsOf(tx, port)).filter((login) => login !== bot),
        source: pullName(repository, source),
        days: Math.floor((now.getTime() - port.openedAt.getTime()) / DAY_MS),
      }),
      now,
      account: 'forwardport',
    });
  }
}
