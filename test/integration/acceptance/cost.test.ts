import { describe, expect, it } from '@jest/globals';
import type { TestPull } from '../../conftest/pull.ts';
import { aStory } from '../../conftest/story.ts';
import { stagingReports, states, whileNothingIsStaged } from './acts.ts';

/** A line of the simulator's log of calls. */
interface Call {
  readonly actor: string | null;
  readonly path: string;
  readonly operation: string;
}

describe('twenty pull requests in two repositories', () => {
  it('cost at most 12 calls of the API each, from opening to closing, with all that is said and written (issue C)', async () => {
    await using story = await aStory({
      repositories: ['app', 'web'],
      branches: ['17.0', 'master'],
    });
    await story.control('DELETE', '/_sim/requests');
    const pulls: TestPull[] = [];
    await whileNothingIsStaged(story, async () => {
      for (let n = 0; n < 10; n += 1) {
        for (const repository of story.repositories) {
          pulls.push(
            await repository.pullRequest({
              name: n < 6 ? `linked-${n}` : `${repository.name}-${n}`,
            }),
          );
        }
      }
      for (const pull of pulls) {
        await pull.reports('pending');
        await pull.passes();
        await pull.comment('r+');
      }
      await story.settle();
    });
    for (let n = 0; n < 3; n += 1) await stagingReports(story, 'success');
    expect(new Set(await states(pulls))).toEqual(new Set(['merged']));

    const calls = (await story.control('GET', '/_sim/requests')) as Call[];
    const ours = calls.filter((call) => call.actor === 'stagecoach');
    const api = ours.filter((call) => !call.path.includes('.git/'));
    expect(api.length / pulls.length).toBeLessThanOrEqual(12);
    const kinds = new Set(api.map(({ operation }) => operation));
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        ...['issues/create-comment', 'reactions/create-for-issue-comment', 'issues/add-labels'],
        ...['repos/create-deployment', 'repos/create-deployment-status', 'pulls/update'],
      ]),
    );
    story.ignoreComments();
  });
});
