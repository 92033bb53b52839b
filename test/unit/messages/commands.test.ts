import { describe, expect, it } from '@jest/globals';
import { accessDenied, help, refusedComment, rejections } from '../../../src/messages/commands.ts';
import { info } from '../../../src/messages/pull-request.ts';
import { COMMANDS } from '../../../src/rules/commands.ts';

const [approve] = COMMANDS;

describe('the answer to help', () => {
  const rest = { bot: 'coach', ignoredOthers: false, wantsEmail: false };

  it('lists what the person may use, with the bot’s own name', () => {
    const text = help({ ...rest, ping: ['ann'], allowed: [approve] });
    expect(text).toMatchInlineSnapshot(`
     "@ann these are the commands you may use here:

     | command | does | example |
     | --- | --- | --- |
     | \`r+\`, \`review+\`, \`r+ <sha>\`, \`r=<number>[,<number>]\` | Approves. On a port also its attached ancestors, or only those listed. With a sha (12 digits at least) only if that is still the head. | \`@coach r+\` |"
    `);
  });

  it('says when other commands were left undone', () => {
    const text = help({ ...rest, ping: [], allowed: [], ignoredOthers: true });
    expect(text).toContain('nothing else in your comment was carried out');
  });
});

describe('a refusal', () => {
  it('says what was not understood, what was meant, and that nothing was done', () => {
    const refusal = { kind: 'unknown-word' as const, word: 'STOP!', suggestion: null };
    expect(refusedComment({ ping: ['ann'], bot: 'coach', refusal })).toMatchInlineSnapshot(
      `"@ann I do not know the command \`STOP!\`. No need to shout. Nothing of your comment was carried out. \`@coach help\` lists the commands."`,
    );
  });

  it('of a command names who may use it', () => {
    expect(accessDenied({ ping: ['ann'], command: 'r+', who: approve.who })).toMatchInlineSnapshot(
      `"@ann you may not use \`r+\` here. It is for reviewers and delegates; the author and reviewers of the original pull request, on ports. Nothing of your comment was carried out."`,
    );
  });

  it('with several reasons lists them', () => {
    expect(rejections({ ping: ['ann'], reasons: ['one.', 'two.'], others: true }))
      .toMatchInlineSnapshot(`
     "@ann this is not possible:

     - one.
     - two.

     Nothing of your comment was carried out."
    `);
    expect(rejections({ ping: ['ann'], reasons: ['one.'], others: false })).toBe('@ann one.');
  });
});

describe('the answer to info', () => {
  it('says that nothing is in the way', () => {
    expect(info({ name: 'a/b#1', state: 'ready', gates: [], pageUrl: null })).toContain(
      'nothing is in the way',
    );
  });
});
