import { describe, expect, it } from '@jest/globals';
import { tally } from '../../conftest/faults/effort.ts';
import { LockHolder } from '../../conftest/faults/lock-holder.ts';
import { redeliverFailed } from '../../conftest/faults/redeliver.ts';
import { aStory, type Story } from '../../conftest/story.ts';

const urlOf = ({ config }: Story): string => config.database.url?.reveal() ?? '';

interface Told {
  readonly status_code: number;
}

describe('records that somebody else keeps locked', () => {
  it('are waited for briefly, while webhooks are taken, and the work is done when they are free (F-034)', async () => {
    await using story = await aStory({ branches: ['18.0', 'master'] });
    story.log.expect(/^row will be tried again$/);
    const pull = await story.repository().pullRequest({ name: 'change' });
    await story.settle();
    {
      await using holder = await LockHolder.lock(
        urlOf(story),
        'select from pull_request for update',
      );
      await pull.comment('r+');
      await story.settle();
      await holder.release();
    }
    const told = (await story.control('GET', '/_sim/deliveries')) as Told[];
    expect(told.map((one) => one.status_code)).toEqual(told.map(() => 202));
    expect(story.log.surprises).toEqual([]);
    expect(await pull.state()).toBe('opened');
    await story.pass(600_000);
    expect(await pull.state()).toBe('approved');
    tally('faults', 1);
  });

  it('and askers who take all connections keep webhooks waiting no longer than GitHub does (F-035)', async () => {
    await using story = await aStory({ branches: ['18.0', 'master'] });
    story.ignoreComments();
    story.log.expect(/^(?:request failed|a delivery could not be stored)$/);
    const pull = await story.repository().pullRequest({ name: 'change' });
    await story.settle();
    {
      await using holder = await LockHolder.lock(
        urlOf(story),
        'lock table pull_request in access exclusive mode',
      );
      const page = `${story.bot.url}/api/pulls/${pull.repository.fullName}/${pull.number}`;
      const asked = Array.from({ length: 25 }, async () => (await fetch(page)).status);
      await pull.passes();
      await story.control('GET', '/_sim/idle?timeout_ms=30000');
      const told = (await story.control('GET', '/_sim/deliveries')) as Told[];
      expect([202, 503]).toContain(told.at(-1)?.status_code); // an answer, in time
      const answers = await Promise.all(asked);
      expect(answers.filter((status) => status < 500)).toEqual([]);
      await holder.release();
    }
    await redeliverFailed(story);
    await story.settle();
    const { gates } = (await pull.info()) as { gates: { gate: string; ok: boolean }[] };
    expect(gates).toContainEqual(expect.objectContaining({ gate: 'statuses', ok: true }));
    tally('faults', 1);
  });
});
