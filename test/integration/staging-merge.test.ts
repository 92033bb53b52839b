import { describe, expect, it } from '@jest/globals';
import type { TestPull } from '../conftest/pull.ts';
import { aStory } from '../conftest/story.ts';

async function approve(pull: TestPull, ...commands: string[]): Promise<void> {
  await pull.passes();
  await pull.comment(['r+', ...commands].map((one) => `@stagecoach ${one}`).join('\n'));
}

const TAKEN_IN = String.raw`
*   Take master in
|\
| * Direct change
* | Change own
| o Direct change
|/
o Start master`;

describe('what is staged', () => {
  it('is an empty commit where nothing changes and the project wants CI to look anew (uniquifier), and lands nothing there', async () => {
    await using story = await aStory({
      repositories: ['app', 'web'],
      staging: { uniquifier: true },
    });
    const [app, web] = [story.repository('app'), story.repository('web')];
    const before = await web.head('master');
    await web.branch('master').passes(); // of no use: another commit is tested
    const pull = await app.pullRequest();
    await approve(pull);
    await story.settle();
    await app.branch('staging.master').passes();
    await story.settle();
    expect(await pull.state()).toBe('ready');
    const [message] = await web.messages('staging.master', 'master');
    expect(message).toContain(`Tested-commit: ${before ?? ''}`);
    expect(await web.files('staging.master')).toEqual(await web.files('master'));
    await web.branch('staging.master').passes();
    await story.settle();
    expect(await pull.state()).toBe('merged');
    expect(await web.head('master')).toBe(before);
  });

  it('is the merge of the target made anew, where the head of a pull request is one, and refused where it merges more', async () => {
    await using story = await aStory();
    const app = story.repository();
    const pull = await app.pullRequest({ name: 'own', adds: { own: 'x\n' } });
    const meanwhile = await app.commit('master', { meanwhile: 'x\n' });
    const merge = { message: 'Take master in', files: { meanwhile: 'x\n' }, merges: 'master' };
    await pull.push([merge]);
    const now = await app.commit('master', { now: 'x\n' });
    await story.settle();
    await approve(pull, 'merge');
    await story.settle();
    await app.branch('staging.master').passes();
    await story.settle();
    expect(await pull.state()).toBe('merged');
    expect(await app.show('master', '%an %s %P')).toMatch(
      new RegExp(`^Alice Take master in \\w+ ${now}$`),
    );
    expect(await app.graph('master', meanwhile)).toBe(TAKEN_IN.trim());
    expect(await app.files('master')).toMatchObject({ own: 'x', meanwhile: 'x', now: 'x' });

    const commits = [{ message: 'Take both', files: { both: 'x\n' }, merges: '18.0' }];
    const foreign = await app.pullRequest({ name: 'foreign', commits });
    await app.commit('master', { later: 'x\n' });
    await approve(foreign, 'merge');
    await story.settle();
    expect(await foreign.state()).toBe('error');
    expect((await foreign.said()).join()).toMatch(/merges more than one commit from outside/);
    await pull.said();
  });

  it('leaves a pull request that became a draft or was pushed to, which is told there (11.2 row 36)', async () => {
    await using story = await aStory();
    const app = story.repository();
    const pull = await app.pullRequest({ name: 'own', adds: { own: 'x\n' } });
    await approve(pull);
    await story.settle();
    const { node_id: id } = await pull.github();
    const query = `mutation D($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { clientMutationId } }`;
    await story.as('alice').post('/graphql', { query, variables: { id } });
    await story.settle();
    expect((await pull.info()).blocked).toBe('Pull request acme/app#1 (draft) blocked.');
    expect(await pull.said()).toEqual([
      expect.stringMatching(/has left staging 1: .* converted to draft by alice/),
    ]);
    const query2 = `mutation R($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { clientMutationId } }`;
    await story.as('alice').post('/graphql', { query: query2, variables: { id } });
    await story.settle();
    expect((await pull.info()).staging).not.toBeNull();
    await pull.push([{ message: 'More', files: { more: 'y\n' } }]);
    await story.settle();
    expect(await pull.said()).toEqual([
      expect.stringMatching(/left staging 2: .* updated by alice.*approved anew/),
    ]);
  });
});
