import { describe, expect, it } from '@jest/globals';
import { pullRequest } from './payloads.ts';
import { aServer, gatewayTo } from './scripted-server.ts';
import type { Reply } from './scripted-server.ts';

const HOUR = 3_600_000;

function comment(id: number, minute = 0): object {
  const created_at = new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString();
  return { id, user: null, body: `comment ${id}`, created_at };
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);
const page = (items: readonly object[], next?: string): Reply => ({
  json: items,
  headers: next === undefined ? {} : { link: `<${next}>; rel="next", <x>; rel="last"` },
});
const numbers = (items: readonly { id: number }[]): number[] => items.map(({ id }) => id);

describe('a list', () => {
  it('is read to its end by page number, whatever address the header gives (B-023)', async () => {
    await using server = await aServer(
      page([comment(1)], 'http://169.254.169.254/next'),
      page([comment(2)], 'http://169.254.169.254/next'),
      { json: [comment(3)], headers: { link: '<x>; rel="prev", <y>; rel="first"' } },
    );
    expect(numbers(await gatewayTo(server).pullRequestComments('acme/app', 1))).toEqual([1, 2, 3]);
    expect(server.seen.map(({ url }) => url.searchParams.get('page'))).toEqual(['1', '2', '3']);
  });

  it('without a header goes on while pages are full (F-062)', async () => {
    const all = range(1, 151).map((id) => comment(id));
    await using server = await aServer(page(all.slice(0, 100)), page(all.slice(100)));
    expect(await gatewayTo(server).pullRequestComments('acme/app', 1)).toHaveLength(150);
    expect(server.seen).toHaveLength(2);
  });

  it('that shifts between two pages gives each item once (F-062)', async () => {
    const all = range(1, 102).map((id) => comment(id));
    await using server = await aServer(page(all.slice(0, 100)), page(all.slice(99)));
    expect(numbers(await gatewayTo(server).pullRequestComments('acme/app', 1))).toEqual(
      range(1, 102),
    );
  });

  it('of comments is in the order they were written', async () => {
    await using server = await aServer(page([comment(7, 9), comment(9, 3), comment(8, 3)]));
    const comments = await gatewayTo(server).pullRequestComments('acme/app', 1);
    expect(numbers(comments)).toEqual([8, 9, 7]);
  });

  it('of comments since a time asks from the whole second before', async () => {
    await using server = await aServer(page([]));
    const since = new Date('2026-03-01T10:00:00.987Z');
    await gatewayTo(server).commentsSince('acme/app', 1, since);
    expect(server.seen[0]?.url.searchParams.get('since')).toBe('2026-03-01T10:00:00Z');
  });

  it('of pull requests stops at the page where the old ones begin', async () => {
    const at = (hours: number, id: number): object =>
      pullRequest({ id, updated_at: new Date(Date.UTC(2026, 2, 2) - hours * HOUR).toISOString() });
    await using server = await aServer(
      page([at(1, 1), at(2, 2)], 'x'),
      page([at(3, 3), at(9, 4)], 'x'),
    );
    const found = await gatewayTo(server).findPullRequests('acme/app', {
      state: 'open',
      updatedSince: new Date(Date.UTC(2026, 2, 2) - 5 * HOUR),
    });
    expect(numbers(found)).toEqual([1, 2, 3]);
    expect(server.seen).toHaveLength(2);
  });

  it('with one item that cannot be read fails whole, rather than leave it out', async () => {
    await using server = await aServer(page([comment(1), { ...comment(2), id: null }]));
    const work = gatewayTo(server).pullRequestComments('acme/app', 1);
    await expect(work).rejects.toMatchObject({ name: 'GitHubError', retryable: false });
  });
});

describe('the verdicts on a commit', () => {
  const sha = 'a'.repeat(40);
  const status = (context: string, state: string, minute: number): object => ({
    id: minute,
    context,
    state,
    description: null,
    target_url: null,
    updated_at: new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString(),
  });
  const run = (id: number, name: string, conclusion: string | null, minute: number): object => {
    const at = new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString();
    const done = conclusion === null ? { status: 'queued' } : { status: 'completed', conclusion };
    return { id, name, head_sha: sha, started_at: at, completed_at: conclusion && at, ...done };
  };

  it('are the newest of each context, of statuses and check runs together (R10)', async () => {
    await using server = await aServer(
      { json: { statuses: [status('ci/test', 'failure', 5), status('ci/lint', 'success', 6)] } },
      {
        json: {
          total_count: 3,
          check_runs: [
            run(3, 'ci/test', 'success', 9),
            run(1, 'ci/lint', 'failure', 2),
            run(2, 'ci/slow', 'cancelled', 1),
            run(4, 'ci/slow', null, 8),
          ],
        },
      },
    );
    const reports = await gatewayTo(server).statuses('acme/app', sha);
    const verdicts = reports
      .map(({ context, kind, state }) => `${context} ${kind} ${state}`)
      .sort();
    expect(verdicts).toEqual([
      'ci/lint status success',
      'ci/slow check_run pending',
      'ci/test check_run success',
    ]);
  });

  it('are read from all pages of both lists', async () => {
    const many = range(0, 101).map((n) => status(`s${n}`, 'success', 1));
    const runs = range(0, 101).map((n) => run(n + 1, `r${n}`, 'success', 1));
    await using server = await aServer(
      { json: { statuses: many.slice(0, 100) } },
      { json: { statuses: many.slice(100) } },
      { json: { check_runs: runs.slice(0, 100) } },
      { json: { check_runs: runs.slice(100) } },
    );
    expect(await gatewayTo(server).statuses('acme/app', sha)).toHaveLength(202);
  });
});
