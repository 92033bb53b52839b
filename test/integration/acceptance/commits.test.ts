import { describe, expect, it } from '@jest/globals';
import { drawing } from '../../conftest/drawing.ts';
import { aStory } from '../../conftest/story.ts';
import {
  makeReady,
  running,
  stagingReports,
  stagings,
  states,
  whileNothingIsStaged,
} from './acts.ts';

const SIGNED = 'Signed-off-by: rita <rita@acme.test>';

describe('the commits that land', () => {
  it('check 32: keep what their messages say; a mention is added where there is none, co-authors end up last, breaks cut pull requests only', async () => {
    await using story = await aStory({ branches: ['master'] });
    const app = story.repository();
    const before = (await app.head('master'))!;
    const body = [
      'Co-authored-by: Bob <bob@acme.test>',
      'This closes #1 for good, unlike #11.',
      '---\nstill the commit',
    ].join('\n\n');
    const named = await app.pullRequest({
      commits: [{ message: `Named\n\n${body}`, files: { named: '1\n' } }],
    });
    const commits = ['one', 'two'].map((name) => ({
      message: `Add ${name}`,
      files: { [name]: '1\n' },
    }));
    const other = await app.pullRequest({ title: 'Other', commits });
    const text = 'Closes #22 and eve/app#2\n\nHeading\n-------\nKept\n\n---\nFor reviewers only';
    await other.edit({ body: text });
    await whileNothingIsStaged(story, async () => {
      await makeReady(story, named);
      await makeReady(story, other, 'rebase-merge r+');
    });
    expect(await app.messages('staging.master', before)).toEqual([
      `Other\n\nCloses #22 and eve/app#2\n\nHeading\n-------\nKept\n\ncloses acme/app#2\n\n${SIGNED}`,
      `Add two\n\nPart-of: acme/app#2\n${SIGNED}`,
      `Add one\n\nPart-of: acme/app#2\n${SIGNED}`,
      `Named\n\nThis closes #1 for good, unlike #11.\n\n---\nstill the commit\n\n${SIGNED}\nCo-authored-by: Bob <bob@acme.test>`,
    ]);
    expect(await app.graph('staging.master', before)).toBe(drawing`
      *   Other
      |\
      | * Add two
      | * Add one
      |/
      * Named
      o Start master
    `);
    story.ignoreComments();
  });

  it('check 33: are one under squash, by the bot with both authors named, in order', async () => {
    await using story = await aStory({ branches: ['master'] });
    const app = story.repository();
    const before = (await app.head('master'))!;
    const pull = await app.pullRequest({
      title: 'Together',
      commits: [
        { message: 'Mine', files: { mine: '1\n' }, author: 'Zoe <zoe@acme.test>' },
        { message: 'Yours', files: { yours: '1\n' }, author: 'Bob <bob@acme.test>' },
      ],
    });
    await makeReady(story, pull, 'squash r+');
    expect(await app.messages('staging.master', before)).toEqual([
      [
        `Together\n\ncloses acme/app#1\n\n${SIGNED}`,
        'Co-authored-by: Bob <bob@acme.test>',
        'Co-authored-by: Zoe <zoe@acme.test>',
      ].join('\n'),
    ]);
    expect(await app.show('staging.master', '%an <%ae> / %cn <%ce>')).toBe(
      'stagecoach <stagecoach@acme.test> / Alice <alice@acme.test>',
    );
    expect(await app.graph('staging.master', before)).toBe(drawing`
      * Together
      o Start master
    `);
    story.ignoreComments();
  });

  it('check 34: may be empty from the start, but not become empty by the rebase', async () => {
    await using story = await aStory({ branches: ['master'] });
    const app = story.repository();
    const before = (await app.head('master'))!;
    const empty = await app.pullRequest({ commits: [{ message: 'Start the build', files: {} }] });
    const same = { f: 'changed\n' };
    const first = await app.pullRequest({ title: 'First', adds: same });
    const again = await app.pullRequest({ title: 'Again', adds: same });
    const pulls = [empty, first, again];
    await whileNothingIsStaged(story, async () => {
      for (const pull of pulls) await makeReady(story, pull);
    });
    expect(await running(story, pulls)).toEqual([0, 1]);
    expect(await states(pulls)).toEqual(['ready', 'ready', 'ready']); // the one ahead may yet fail
    await stagingReports(story, 'success');
    expect(await states(pulls)).toEqual(['merged', 'merged', 'error']);
    expect(await app.graph('master', before)).toBe(drawing`
      * First
      * Start the build
      o Start master
    `);
    expect((await again.said()).at(-1)).toMatch(/has nothing left to change after the rebase/);
    story.ignoreComments();
  });

  it('check 36: close the issues that commits and description name, once they have landed, on any branch', async () => {
    await using story = await aStory();
    const app = story.repository();
    const issues: number[] = [];
    for (const title of ['one', 'two', 'other', 'failed', 'linked'])
      issues.push((await story.as('rita').post('/repos/acme/app/issues', { title })).number);
    const [one, two, other, failed, linked] = issues;
    const pull = await app.pullRequest({
      onto: '18.0',
      title: 'Fix',
      body: `resolves #${two} and eve/app#${other}, fixes ${story.sim}/acme/app/issues/${linked}`, // the last is linked by GitHub alone
      commits: [{ message: `Fix it\n\nFixes #${one}`, files: { fix: '1\n' } }],
    });
    const red = await app.pullRequest({ onto: '18.0', body: `fixes #${failed}` });
    const isOpen = async () => {
      const all = issues.map((number) => story.as('root').get(`/repos/acme/app/issues/${number}`));
      return (await Promise.all(all)).map((issue) => issue.state === 'open');
    };
    await makeReady(story, pull);
    await makeReady(story, red);
    expect(await isOpen()).toEqual([true, true, true, true, true]);
    await stagingReports(story, 'success', '18.0');
    expect(await pull.state()).toBe('merged');
    expect(await isOpen()).toEqual([false, false, true, true, false]);
    await stagingReports(story, 'failure', '18.0');
    expect([await red.state(), (await stagings(story, '18.0')).length]).toEqual(['error', 2]);
    expect(await isOpen()).toEqual([false, false, true, true, false]);
    story.ignoreComments();
  });
});
