import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextReminder, remindedTips } from '../../../src/rules/reminders.ts';
import type { ReminderFacts } from '../../../src/rules/reminders.ts';

const DAY_MS = 86_400_000;
const time = (text: string): Date => new Date(`2024-05-${text}:00Z`);
const daily: ReminderFacts = {
  openedAt: time('01T15:00'),
  afterMs: 3 * DAY_MS,
  schedule: 'daily',
  at: '09:00',
};

describe('daily reminders', () => {
  it('begin at the hour after three whole days', () => {
    expect(nextReminder(daily)).toEqual(time('05T09:00'));
    expect(nextReminder({ ...daily, openedAt: time('01T09:00') })).toEqual(time('04T09:00'));
  });

  it('come every day from then on', () => {
    expect(nextReminder({ ...daily, last: time('05T09:00') })).toEqual(time('06T09:00'));
    expect(nextReminder({ ...daily, last: time('05T09:07') })).toEqual(time('06T09:00'));
  });

  it('are not made up for: one is due however many were missed', () => {
    const due = nextReminder({ ...daily, last: time('05T09:00') });
    expect(due < time('20T12:00')).toBe(true);
    expect(nextReminder({ ...daily, last: time('20T12:00') })).toEqual(time('21T09:00'));
  });
});

describe('reminders that back off', () => {
  const backoff: ReminderFacts = {
    ...daily,
    schedule: 'backoff',
    openedAt: new Date('2024-01-01T09:00:00Z'),
  };

  it('come at 7, 14, 21, 28 days, then every 28 days', () => {
    const ages: number[] = [];
    let last: Date | undefined;
    for (let count = 0; count < 7; count += 1) {
      last = nextReminder(last === undefined ? backoff : { ...backoff, last });
      ages.push((last.getTime() - backoff.openedAt.getTime()) / DAY_MS);
    }
    expect(ages).toEqual([7, 14, 21, 28, 56, 84, 112]);
  });
});

describe('the next reminder', () => {
  it('is later than the last, at the hour, and never too early', () => {
    const minute = fc.integer({ min: 0, max: 500_000 }).map((count) => new Date(count * 60_000));
    const schedule = fc.constantFrom('daily' as const, 'backoff' as const);
    fc.assert(
      fc.property(minute, fc.option(minute), schedule, (openedAt, last, kind) => {
        const next = nextReminder({
          ...daily,
          openedAt,
          schedule: kind,
          ...(last === null ? {} : { last }),
        });
        expect(next.toISOString().slice(11)).toBe('09:00:00.000Z');
        expect(next.getTime() - openedAt.getTime()).toBeGreaterThanOrEqual(
          (kind === 'daily' ? 3 : 7) * DAY_MS,
        );
        if (last !== null) expect(next > last).toBe(true);
      }),
    );
  });
});

describe('who is reminded of', () => {
  const port = (id: number, parentId: number | null, change = {}) => ({
    id,
    parentId,
    open: true,
    ready: false,
    ...change,
  });

  it('is the tip of a chain, and both sides of a detachment', () => {
    expect(remindedTips([port(1, null), port(2, 1), port(3, null)]).map((one) => one.id)).toEqual([
      2, 3,
    ]);
  });

  it('is nobody whose port is closed or waits for the bot', () => {
    expect(remindedTips([port(1, null), port(2, 1, { open: false })]).map((one) => one.id)).toEqual(
      [1],
    );
    expect(remindedTips([port(1, null, { ready: true })])).toEqual([]);
  });
});
