import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { markerOf } from '../../../src/feedback/marker.ts';
import { settleFailure } from '../../../src/feedback/outcome.ts';
import { send } from '../../../src/feedback/send.ts';
import { GiveUp, TryLater } from '../../../src/lib/try-later.ts';
import { Feedback } from '../../../src/models/queues.ts';
import { BOT_ID, failure, type Fault, SmallGitHub } from './small-github.ts';

const KEY = 'created/acme/app#3';
const HEAD = 'a'.repeat(40);

function aRow(
  kind: Feedback['kind'],
  payload: Feedback['payload'] = {},
  sentAt: Date | null = null,
): Feedback {
  const columns = { id: 1, repositoryId: 1, number: 3, kind, key: KEY, account: 'main' as const };
  return Object.assign(new Feedback(), { ...columns, payload, sentAt });
}

const secondsAgo = (github: SmallGitHub, seconds: number) =>
  new Date(github.now.getTime() - seconds * 1_000);

/** One try, as the cron makes it: what it marked stays marked whatever comes after. */
function attempt(github: SmallGitHub, row: Feedback): Promise<string> {
  return send({
    row: Object.assign(new Feedback(), row), // as the cron read it
    repository: 'acme/app',
    github: github.gateway,
    now: github.now,
    target: 'master',
    ownId: () => Promise.resolve(String(BOT_ID)),
    commitUrl: (sha) => `https://git.test/acme/app/commit/${sha}`,
    markSent: () => {
      row.sentAt = github.now;
      return Promise.resolve();
    },
  });
}

/** Tries until it is done, with the pauses of the queue. @returns whether it ever was. */
async function persist(github: SmallGitHub, row: Feedback): Promise<boolean> {
  for (let tries = 0; tries < 20; tries += 1) {
    try {
      await attempt(github, row);
      return true;
    } catch (error) {
      if (error instanceof GiveUp) return false;
      const pauseMs = error instanceof TryLater ? error.afterMs : 60_000;
      github.now = new Date(github.now.getTime() + pauseMs);
    }
  }
  return false;
}

const faults = fc.array(fc.constantFrom<Fault>('none', 'down', 'lost', 'limit'), { maxLength: 8 });

describe('a queued comment', () => {
  it('is said once although the machine has a clock that is hours ahead of the one of GitHub (I-31)', async () => {
    const github = new SmallGitHub();
    const row = aRow('comment', { text: 'Hello' });
    github.faults = ['lost'];
    await expect(attempt(github, row)).rejects.toThrow('as told');
    row.sentAt = new Date(github.now.getTime() + 5 * 3_600_000);
    github.now = new Date(github.now.getTime() + 6 * 3_600_000);
    await attempt(github, row);
    expect(github.comments).toHaveLength(1);
  });

  it('ends with its hidden marker', async () => {
    const github = new SmallGitHub();

    await attempt(github, aRow('comment', { text: 'Hello.' }));

    expect(github.comments.map((one) => one.body)).toEqual([`Hello.\n\n${markerOf(KEY)}`]);
  });

  it('appears exactly once, whatever fails and however often', async () => {
    await fc.assert(
      fc.asyncProperty(faults, async (plan) => {
        const github = new SmallGitHub();
        github.faults = [...plan];
        expect(await persist(github, aRow('comment', { text: 'x' }))).toBe(true);
        expect(github.comments).toHaveLength(1);
      }),
    );
  });

  it('waits before it looks for one that may not show yet', async () => {
    const github = new SmallGitHub();
    const row = aRow('comment', { text: 'x' }, secondsAgo(github, 2));

    await expect(attempt(github, row)).rejects.toMatchObject({ afterMs: 8_000, counts: false });
    expect(github.comments).toEqual([]);
  });

  it('is not taken for said because somebody else wrote its marker', async () => {
    const github = new SmallGitHub();
    const row = aRow('comment', { text: 'x' }, secondsAgo(github, 60));
    const author = { id: 7, login: 'mallory', type: 'User' };
    const body = `no ${markerOf(KEY)}`;
    github.comments.push({ id: 1, author, viaApp: null, body, createdAt: github.now });

    await attempt(github, row);

    expect(github.comments).toHaveLength(2);
  });
});

describe('a queued deployment', () => {
  it('is recorded once and leads to the landed commit, whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(faults, async (plan) => {
        const github = new SmallGitHub();
        github.faults = [...plan];
        const row = aRow('deploy', { head: HEAD, sha: 'b'.repeat(40) });
        expect(await persist(github, row)).toBe(true);
        expect(github.deployments).toEqual([{ id: 1, ref: HEAD }]);
        expect(github.statuses.at(-1)).toEqual({
          deployment: 1,
          url: `https://git.test/acme/app/commit/${'b'.repeat(40)}`,
        });
      }),
    );
  });
});

describe('a queued close', () => {
  it('is done when the pull request is closed already, or merged', async () => {
    for (const state of ['open', 'closed', 'merged'] as const) {
      const github = new SmallGitHub();
      github.state = state;

      expect(await attempt(github, aRow('close'))).toBe('done');
      expect(github.state).not.toBe('open');
    }
  });
});

describe('a failure of GitHub', () => {
  it('means that nothing is left to do when the place is gone', () => {
    expect(settleFailure(failure({ status: 404 }))).toBe('gone');
    expect(settleFailure(failure({ status: 410 }))).toBe('gone');
  });

  it('costs no try when GitHub asks to wait or refuses the token', () => {
    const limited = failure({ status: 404, retryAfterMs: 5_000 });
    expect(() => settleFailure(limited)).toThrow(TryLater);
    expect(() => settleFailure(failure({ status: 401 }))).toThrow(
      expect.objectContaining({ counts: false }),
    );
  });

  it('is final when GitHub finds the request invalid', () => {
    expect(() => settleFailure(failure({ status: 422 }))).toThrow(GiveUp);
  });

  it('is tried again otherwise', () => {
    const broken = failure({ status: 500 });
    expect(() => settleFailure(broken)).toThrow(broken);
  });
});
