import { describe, expect, it } from '@jest/globals';
import { type AnswerKind, isFlood, mayAnswer } from '../../../src/rules/answer-budget.ts';

const STRANGER = { stranger: true };
const AT_HOME = { stranger: false };

/** How many of `tries` answers of one kind are given in words. */
function worded(kind: AnswerKind, who: { stranger: boolean }, tries = 100): number {
  let count = 0;
  for (let n = 0; n < tries; n += 1)
    if (mayAnswer(kind, { heard: n, answers: { [kind]: count }, onPull: count }, who)) count += 1;
  return count;
}

describe('the answers of an hour', () => {
  it.each<[AnswerKind, number, number]>([
    ['denied', 1, 1],
    ['refused', 1, 5],
    ['rejected', 3, 10],
    ['helped', 3, 10],
    ['told', 3, 10],
    ['flood', 1, 1],
  ])('that are %s: %i to a stranger, %i to others (B-031, I-33)', (kind, stranger, others) => {
    expect([worded(kind, STRANGER), worded(kind, AT_HOME)]).toEqual([stranger, others]);
  });

  it('are one refusal of whatever kind to a stranger', () => {
    const denied = { heard: 1, answers: { denied: 1 }, onPull: 1 };
    expect(mayAnswer('refused', denied, STRANGER)).toBe(false);
    expect(mayAnswer('refused', denied, AT_HOME)).toBe(true);
  });

  it('end for all when enough was said on the pull request', () => {
    expect(mayAnswer('helped', { heard: 0, answers: {}, onPull: 29 }, AT_HOME)).toBe(true);
    expect(mayAnswer('helped', { heard: 0, answers: {}, onPull: 30 }, AT_HOME)).toBe(false);
  });

  it('end when more is asked than anybody can mean (B-056, F-112)', () => {
    expect([isFlood({ heard: 59 }), isFlood({ heard: 60 })]).toEqual([false, true]);
  });
});
