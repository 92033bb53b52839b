import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refuseCommit } from '../../../src/rules/commit-refusal.ts';
import { mergeMessage, rebasedMessage, squashMessage } from '../../../src/rules/landing-message.ts';
import { forwardPortBody, forwardPortOf, portMessage } from '../../../src/rules/port-message.ts';
import { parsePullRequestText } from '../../../src/rules/commit-message.ts';
import { closedIssues, mentions } from '../../../src/rules/references.ts';
import { signature, squashPeople } from '../../../src/rules/squash-authors.ts';

const SELF = { repository: 'acme/app', number: 1 };
const ALONE = { self: SELF, linked: [], signers: [] };
const RITA = 'Rita <rita@x>';

describe('the message of a landed commit', () => {
  it('closes its pull request, names the linked ones and is signed off', () => {
    const facts = { self: SELF, linked: [{ repository: 'acme/lib', number: 2 }], signers: [RITA] };
    expect(mergeMessage('Add a door\n\nIt is red.\n\nCo-authored-by: Bob <b@x>', facts)).toBe(
      'Add a door\n\nIt is red.\n\ncloses acme/app#1\n\nRelated: acme/lib#2\nSigned-off-by: Rita <rita@x>\nCo-authored-by: Bob <b@x>',
    );
  });

  it.each([
    ['mentions it after a space', 'T\n\ncloses #1', false],
    ['mentions it with its own repository', 'T\n\nsee acme/app#1', false],
    ['mentions another number', 'T\n\ncloses #11', true],
    ['mentions another repository', 'T\n\ncloses acme/lib#1', true],
    ['mentions a repository whose name ends the same', 'T\n\ncloses xacme/app#1', true],
  ])('that %s closes it again only where needed', (_, text, added) => {
    expect(mergeMessage(text, ALONE).includes('closes acme/app#1')).toBe(added);
  });

  it('marks the other commits of a rebase as part, in place of an older mark', () => {
    expect(rebasedMessage('T\n\nPart-of: old/one#3', ALONE, false)).toBe(
      'T\n\nPart-of: acme/app#1',
    );
    expect(rebasedMessage('T\n\nfor #1', ALONE, false)).toBe('T\n\nfor #1');
    expect(rebasedMessage('T', ALONE, true)).toBe('T\n\ncloses acme/app#1');
  });

  it('does not name a linked pull request twice, and tells #2 from #21', () => {
    const facts = { ...ALONE, linked: [{ repository: 'acme/lib', number: 2 }] };
    expect(mergeMessage('T\n\n#1 needs acme/lib#2', facts)).not.toContain('Related');
    expect(mergeMessage('T\n\n#1 needs acme/lib#21', facts)).toContain('Related: acme/lib#2');
  });

  it('seed 19: has the reviewers’ sign-offs last, each once, after those of others', () => {
    const facts = { ...ALONE, signers: ['A <a@x>', RITA, 'A <a@x>'] };
    const text = 'T #1\n\nSigned-off-by: Rita <rita@x>\nSigned-off-by: Other <o@x>';
    expect(rebasedMessage(text, facts, false)).toBe(
      'T #1\n\nSigned-off-by: Other <o@x>\nSigned-off-by: A <a@x>\nSigned-off-by: Rita <rita@x>',
    );
  });

  it('is the same when it lands a second time', () => {
    const facts = { self: SELF, linked: [{ repository: 'acme/lib', number: 2 }], signers: [RITA] };
    fc.assert(
      fc.property(fc.string(), (text) => {
        const once = rebasedMessage(`T\n\n${text}`, facts, true);
        expect(rebasedMessage(once, facts, true)).toBe(once);
      }),
    );
  });

  it('keeps whom a squash was written by', () => {
    const ann = { name: 'Ann', email: 'a@x' };
    const bob = { name: 'Bob', email: 'b@x' };
    const bot = { name: 'bot', email: 'bot@x' };
    const commits = [bob, ann, bob].map((author) => ({ author, committer: ann }));
    const people = squashPeople(commits, bot);
    expect(people).toEqual({ author: bot, committer: ann, coAuthors: ['Ann <a@x>', 'Bob <b@x>'] });
    expect(squashMessage('T #1', ALONE, people.coAuthors)).toBe(
      'T #1\n\nCo-authored-by: Ann <a@x>\nCo-authored-by: Bob <b@x>',
    );
    expect(squashPeople(commits.slice(0, 1), bot)).toEqual({
      author: bob,
      committer: ann,
      coAuthors: [],
    });
    expect(signature({ login: 'rita', name: null, email: null })).toBe(
      'rita <rita@users.noreply.github.com>',
    );
  });
});

describe('the message of a port', () => {
  it('names the original commit and who signed that', () => {
    expect(portMessage('T\n\nb\n\nX-original-commit: old\nSigned-off-by: Rita <r@x>', 'abc')).toBe(
      'T\n\nb\n\nOriginal-signed-off-by: Rita <r@x>\nX-original-commit: abc',
    );
  });

  it('has the description of the source and says what it stems from', () => {
    expect(forwardPortBody('Text.', ['acme/app#2', 'acme/app#1', 'acme/app#1'])).toBe(
      'Text.\n\nForward-Port-Of: acme/app#2\nForward-Port-Of: acme/app#1',
    );
    expect(forwardPortBody('', ['acme/app#1'])).toBe('Forward-Port-Of: acme/app#1');
  });

  it('keeps what it stems from when the rest of the description is cut off', () => {
    const body = forwardPortBody('Text.\n\n---\n\nfor reviewers', ['acme/app#1']);
    expect(body).toContain('for reviewers');
    expect(parsePullRequestText(`T\n\n${body}`).trailers).toEqual([
      { key: 'Forward-port-of', value: 'acme/app#1' },
    ]);
    expect(forwardPortOf(body)).toEqual(['acme/app#1']);
  });
});

describe('references', () => {
  it('close issues of the own repository only, after any of the nine words', () => {
    const text =
      'close #1 closes #2 closed #3 fix #4 fixes #5 fixed #6 resolve #7 resolves: #8 Resolved acme/app#9';
    expect(closedIssues(text, 'acme/app')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(
      closedIssues(
        'closes acme/lib#1, prefixes #2, closes#3, closes #4x, fixes #5 and #6',
        'acme/app',
      ),
    ).toEqual([5]);
  });

  it('are found however long the text is', () => {
    const started = performance.now();
    expect(mentions('#1x'.repeat(20_000), SELF)).toBe(false);
    expect(closedIssues('close '.repeat(10_000), 'acme/app')).toEqual([]);
    expect(closedIssues(`close ${'a'.repeat(60_000)}`, 'acme/app')).toEqual([]);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('a commit', () => {
  const fine = {
    subject: 'Add',
    authorEmail: 'a@x',
    committerEmail: 'b@x',
    hasConflictMarkers: false,
  };

  it.each([
    ['nothing', {}, null],
    ['no author e-mail', { authorEmail: ' ' }, 'missing-email'],
    ['no committer e-mail', { committerEmail: '' }, 'missing-email'],
    ['a fixup', { subject: 'fixup! Add' }, 'unfinished-subject'],
    ['a squash', { subject: 'squash! Add' }, 'unfinished-subject'],
    ['a word like it', { subject: 'fixup!ing things' }, null],
    ['markers', { hasConflictMarkers: true }, 'conflict-markers'],
  ])('is refused for %s', (_, change, refusal) => {
    expect(refuseCommit({ ...fine, ...change })).toBe(refusal);
  });
});
