import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ageOf,
  changesBetween,
  dropsApproval,
  leavesStaging,
  type PullChange,
  type PullMirror,
} from '../../../src/rules/pull-changes.ts';

const OPEN: PullMirror = {
  ...{ title: 'Title', body: 'Body', base: 'master', head: 'a'.repeat(40) },
  ...{ draft: false, closed: false },
};
const PUSHED = { head: 'b'.repeat(40) };

type Said = Partial<PullMirror>;
type Case = [
  ...[action: string, known: Said, said: Said],
  ...[expected: PullChange[], unapproved: boolean, unstaged: boolean],
];

/**
 * Every action of the event `pull_request`, what a payload of it may say otherwise than the record, and what follows:
 * changes, whether the approval is dropped, whether the staging is left.
 */
const ACTIONS: readonly Case[] = [
  ...[
    ...['assigned', 'unassigned', 'auto_merge_enabled', 'auto_merge_disabled', 'labeled'],
    ...['unlabeled', 'locked', 'unlocked', 'milestoned', 'demilestoned', 'enqueued', 'dequeued'],
    ...['review_requested', 'review_request_removed', 'opened', 'a word of tomorrow'],
  ].map((action): Case => [action, {}, {}, [], false, false]),
  ['synchronize', {}, PUSHED, ['head'], true, true],
  ['labeled, after a push nobody told of', {}, PUSHED, ['head'], true, true],
  ['edited (title)', {}, { title: 'Other' }, ['text'], false, false],
  ['edited (body)', {}, { body: 'Other' }, ['text'], false, false],
  ['edited (base)', {}, { base: '18.0' }, ['base'], true, true],
  ['edited (base and title)', {}, { base: '18.0', title: 'O' }, ['text', 'base'], true, true],
  ['converted_to_draft', {}, { draft: true }, ['drafted'], false, true],
  ['ready_for_review', { draft: true }, {}, ['undrafted'], false, false],
  ['closed', {}, { closed: true }, ['closed'], true, true],
  ['closed, after a push', {}, { closed: true, ...PUSHED }, ['head', 'closed'], true, true],
  ['reopened', { closed: true }, {}, ['reopened'], false, true],
  ['reopened, after a push', { closed: true }, PUSHED, ['head', 'reopened'], true, true],
];

describe('a webhook of a pull request', () => {
  it.each(ACTIONS)('%s', (_action, known, said, expected, unapproved, unstaged) => {
    const record = { ...OPEN, ...known, landed: false };
    const changes = changesBetween(record, { ...OPEN, ...said });
    expect(changes).toEqual(expected);
    expect(changes.some((one) => dropsApproval(one, false))).toBe(unapproved);
    expect(changes.some((one) => leavesStaging(one, false))).toBe(unstaged);
  });

  it('that edits a text which becomes a commit message drops the approval (R8)', () => {
    expect([dropsApproval('text', true), leavesStaging('text', true)]).toEqual([true, true]);
  });

  it('moves neither head nor base of what has landed', () => {
    const facts = { ...OPEN, ...PUSHED, base: '18.0' };
    expect(changesBetween({ ...OPEN, landed: true }, facts)).toEqual([]);
  });

  const mirrors = fc.record({
    ...{ title: fc.constantFrom('a', 'b'), body: fc.constantFrom('', 'x') },
    ...{ base: fc.constantFrom('17.0', 'master'), head: fc.constantFrom('f', 'e') },
    ...{ draft: fc.boolean(), closed: fc.boolean() },
  });

  it('changes nothing exactly when it says what is known', () => {
    fc.assert(
      fc.property(mirrors, mirrors, (known, facts) => {
        const same = JSON.stringify(known) === JSON.stringify(facts);
        expect(changesBetween({ ...known, landed: false }, facts).length === 0).toBe(same);
      }),
    );
  });

  it('is older, newer, or of a second in which nobody can tell', () => {
    const at = (second: number) => new Date(second * 1_000);
    expect([ageOf(at(1), at(2)), ageOf(at(3), at(2)), ageOf(at(2), at(2))]).toEqual([
      ...['older', 'newer', 'same-second'],
    ]);
  });
});
