import { describe, expect, it } from '@jest/globals';
import { aStory, type Story } from '../../conftest/story.ts';
import { hearStatus, makeReady, running, stagingReports, stagings } from './acts.ts';

const turn = (story: Story, cron: string, active: boolean) =>
  story.api('PATCH', `/api/crons/${cron}`, { active, reason: 'the story wants it' });

describe('what the reference does badly', () => {
  it('row 05, 11 and 39: only what landed is ported; a failure says how to go on, and r+ on what is over says that', async () => {
    await using story = await aStory({ branches: ['17.0', 'master'] });
    const app = story.repository();
    await turn(story, 'merge', false);
    const pull = await app.pullRequest({ onto: '17.0' });
    await makeReady(story, pull);
    await stagingReports(story, 'success', '17.0');
    const [green] = await stagings(story, '17.0');
    expect(green).toMatchObject({ state: 'success', active: true });
    await turn(story, 'staging', false);
    const path = `/api/stagings/${String(green.id)}/cancel`;
    await story.api('POST', path, { reason: 'not today' });
    await turn(story, 'merge', true);
    await story.settle();
    expect([await pull.state(), await app.ports()]).toEqual(['ready', []]);

    await turn(story, 'staging', true);
    await story.settle();
    await stagingReports(story, 'failure', '17.0');
    expect(await pull.state()).toBe('error');
    await pull.said().then((texts) => expect(texts.at(-1)).toContain('`@stagecoach retry`'));
    await pull.comment('r+');
    await story.settle();
    expect(await pull.said()).toEqual([expect.stringMatching(/in error.*`@stagecoach retry`/)]);
    await pull.comment('retry');
    await story.settle();
    await stagingReports(story, 'success', '17.0');
    expect([await pull.state(), (await app.ports()).length]).toEqual(['merged', 1]);
    await pull.comment('r+');
    await story.settle();
    expect((await pull.said()).at(-1)).toBe('@rita this pull request is merged already.');
    story.ignoreComments();
  });

  it('row 07: what will conflict is told ten seconds after it became ready, long before its turn', async () => {
    await using story = await aStory();
    const app = story.repository();
    const first = await app.pullRequest();
    const second = await app.pullRequest({ adds: { f: 'mine\n' } });
    await app.commit('master', { f: 'theirs\n' });
    for (const pull of [first, second]) await makeReady(story, pull);
    expect([await second.state(), await second.said()]).toEqual(['ready', []]);
    await story.pass(11_000);
    expect(await running(story, [first, second])).toEqual([0]);
    expect(await second.state()).toBe('error');
    expect(await second.said()).toEqual([expect.stringContaining('conflicts with its target')]);
  });

  it('row 13, 35 and 40: CI speaks of one repository; who shares a batch is told, and who joins one takes it out of its staging', async () => {
    const [statuses, substitutions] = [[{ context: 'ci/test' }], ['/^bob:/alice:/']];
    await using story = await aStory({
      repositories: ['app', 'web'],
      project: {
        repositories: [
          { name: 'acme/app', statuses, substitutions },
          { name: 'acme/web', statuses },
        ],
      },
    });
    const [app, web] = story.repositories;
    const pull = await app!.pullRequest({ name: 'same' });
    const word = { sha: await pull.head(), state: 'success', context: 'ci/test' };
    await hearStatus(story, { ...word, at: story.clock.now(), repository: 'acme/web' });
    expect(await pull.state()).toBe('opened');
    await hearStatus(story, { ...word, at: story.clock.now() });
    expect(await pull.state()).toBe('validated');

    await pull.comment('NOW!');
    await story.settle();
    expect(await running(story, [pull])).toEqual([0]);
    const late = await web!.pullRequest({ name: 'same' });
    await story.settle();
    expect((await stagings(story))[1]).toMatchObject({
      state: 'cancelled',
      reason: `${late.name} joined the batch`,
    });
    expect((await running(story, [pull, late])).sort()).toEqual([0, 1]);
    const twin = await app!.pullRequest({ name: 'same', by: 'bob', adds: { twin: 'x\n' } });
    await story.settle();
    expect((await twin.info()).batch).toBe((await pull.info()).batch);
    expect(await twin.said()).toEqual([
      expect.stringMatching(new RegExp(`^@bob this has the label .*, as has ${pull.name} of`)),
    ]);
  });
});
