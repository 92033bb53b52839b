import { describe, expect, it } from '@jest/globals';
import { days } from '../conftest/clock.ts';
import { aStory, type Story } from '../conftest/story.ts';

/** A change that landed on 17.0 and waits for people on its last branch. */
async function waitingPort(story: Story) {
  const app = story.repository();
  const pull = await app.pullRequest({ onto: '17.0', name: 'fix' });
  await pull.passes();
  await pull.comment('r+');
  await story.settle();
  await app.branch('staging.17.0').passes();
  await story.settle();
  const [port] = await app.ports();
  await port!.said();
  return port!;
}

const reminders = (texts: readonly string[]) => texts.filter((text) => text.includes('@alice'));

describe('a port nobody looks at', () => {
  it('seed 17: is brought to mind once it is three days old, then every day, until it is closed', async () => {
    await using story = await aStory({ branches: ['17.0', 'master'] });
    const port = await waitingPort(story);
    await story.pass(days(2));
    expect(reminders(await port.said())).toEqual([]);
    await story.pass(days(2));
    expect(reminders(await port.said())).toHaveLength(1);
    await story.pass(days(1));
    expect(reminders(await port.said())).toHaveLength(1);
    const { assignees } = await port.github();
    expect(assignees).toEqual([]);
    await port.close('rita');
    await story.settle();
    await story.pass(days(2));
    expect(reminders(await port.said())).toEqual([]);
    story.ignoreComments();
  });

  it('is woken by its own deadline, one a port, and by no poll', async () => {
    await using story = await aStory({ branches: ['17.0', 'master'] });
    await waitingPort(story);
    const wakes = await story.bot.world.db.query<{ subject: string }[]>(
      `select subject from cron_trigger where cron = 'reminders'`,
    );
    expect(wakes).toEqual([{ subject: expect.stringMatching(/^pull_request:\d+$/) }]);
    story.ignoreComments();
  });
});
