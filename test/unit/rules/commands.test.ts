import { describe, expect, it } from '@jest/globals';
import { parseComment } from '../../../src/rules/commands.ts';
import type { Command, Refusal } from '../../../src/rules/commands.ts';

const APPROVE: Command = { kind: 'approve', numbers: [], head: null };
const NOW: Command[] = [
  { kind: 'priority', priority: 'priority' },
  { kind: 'skipchecks' },
  { kind: 'cancel-staging' },
];

function commands(text: string): readonly Command[] | string {
  const parsed = parseComment(text, 'bot');
  return parsed.kind === 'commands' ? parsed.commands : JSON.stringify(parsed);
}

function refusal(text: string): Refusal | string {
  const parsed = parseComment(text, 'bot');
  return parsed.kind === 'refused' ? parsed.refusal : JSON.stringify(parsed);
}

describe('a command', () => {
  it.each<[string, Command[]]>([
    ['r+', [APPROVE]],
    ['review+', [APPROVE]],
    ['review +', [APPROVE]],
    ['rplush', [APPROVE]],
    ['r+ 0123456789ab', [{ kind: 'approve', numbers: [], head: '0123456789ab' }]],
    ['r=1,2', [{ kind: 'approve', numbers: [1, 2], head: null }]],
    ['r = 1 , 2', [{ kind: 'approve', numbers: [1, 2], head: null }]],
    ['r-', [{ kind: 'reject' }]],
    ['r -', [{ kind: 'reject' }]],
    ['review-', [{ kind: 'reject' }]],
    ['review -', [{ kind: 'reject' }]],
    ['retry', [{ kind: 'retry' }]],
    ['rebase-ff', [{ kind: 'merge-method', method: 'rebase-ff' }]],
    ['check info help', [{ kind: 'check' }, { kind: 'info' }, { kind: 'help' }]],
    ['delegate+', [{ kind: 'delegate', logins: [] }]],
    ['delegate=@ann,#bob', [{ kind: 'delegate', logins: ['ann', 'bob'] }]],
    ['override=ci/lint', [{ kind: 'override', contexts: ['ci/lint'] }]],
    ['override="build (a, b)",x', [{ kind: 'override', contexts: ['build (a, b)', 'x'] }]],
    ['nice', [{ kind: 'priority', priority: 'nice' }]],
    ['cancel=staging', [{ kind: 'cancel-staging' }]],
    ['NOW', NOW],
    ['NOW!!', [{ kind: 'priority', priority: 'alone' }, ...NOW.slice(1)]],
    ['reset=AUTO', [{ kind: 'reset', scope: 'auto' }]],
    ['fw=disabled', [{ kind: 'fw', policy: 'no' }]],
    ['fw=SkipCI', [{ kind: 'fw', policy: 'skipci' }]],
    ['up to saas-17.2', [{ kind: 'limit', branch: 'saas-17.2' }]],
    ['ignore close', [{ kind: 'ignore' }, { kind: 'close' }]],
    ["remindme:18.0='it\\'s time'", [{ kind: 'remindme', branch: '18.0', message: "it's time" }]],
    [
      'remindme:18.0="päckchen öffnen"',
      [{ kind: 'remindme', branch: '18.0', message: 'päckchen öffnen' }],
    ],
  ])('written as %s is understood', (text, expected) => {
    expect(commands(`@bot ${text}`)).toEqual(expected);
  });

  it.each<[string, Partial<Refusal>]>([
    ['please r+', { kind: 'unknown-word', word: 'please' }],
    ['R+', { kind: 'unknown-word', suggestion: 'r+' }],
    ['reveiw+', { kind: 'unknown-word', suggestion: 'review+' }],
    ['mrege', { kind: 'unknown-word', suggestion: 'merge' }],
    ['rebase', { kind: 'unknown-word', suggestion: 'rebase-merge' }],
    ['p=1', { kind: 'unknown-word', suggestion: 'priority' }],
    ['priority=2', { kind: 'unknown-word', word: '=' }],
    ['NOWish', { kind: 'unknown-word' }],
    ['DO IT!', { kind: 'unknown-word', word: 'DO' }],
    ['constructor', { kind: 'unknown-word' }],
    ['r', { kind: 'expected', got: null }],
    ['r=', { kind: 'expected', expected: '<number>', got: null }],
    ['r=1e3', { kind: 'expected', got: '1e3' }],
    ['r=0x10', { kind: 'expected', got: '0x10' }],
    ['r=-1', { kind: 'expected', got: '-' }],
    ['r=٣', { kind: 'unknown-word' }],
    ['r=99999999999', { kind: 'expected' }],
    ['r+ abc1234', { kind: 'short-head', text: 'abc1234' }],
    ['fw=maybe', { kind: 'unknown-value', value: 'maybe' }],
    ['fw=constructor', { kind: 'unknown-value' }],
    ['reset=all', { kind: 'unknown-value' }],
    ['cancel', { kind: 'expected' }],
    ['up 18.0', { kind: 'expected', expected: 'to <branch>' }],
    ['up to', { kind: 'expected', expected: '<branch>', got: null }],
    ['remindme:18.0', { kind: 'expected', expected: '=<message>' }],
    ['remindme:18.0=""', { kind: 'expected' }],
    ['delegate=a,b,c,d,e,f', { kind: 'too-many-values', limit: 5 }],
    ['delegate=dependabot[bot]', { kind: 'expected', expected: '<login>' }],
    ['override="a', { kind: 'open-quote' }],
    ["don't", { kind: 'quote-inside-word', word: 'don' }],
    ['`r+`', { kind: 'unknown-word', suggestion: 'r+' }],
    ['ｒ＋', { kind: 'unknown-word' }],
    ['r+ r-', { kind: 'contradiction' }],
    ['r+ r+', { kind: 'repeated' }],
    ['nice NOW', { kind: 'contradiction' }],
    ['up to 18.0 ignore', { kind: 'contradiction' }],
    ['merge squash', { kind: 'contradiction' }],
    ['r- skipchecks', { kind: 'contradiction' }],
    ['close r+', { kind: 'contradiction' }],
    ['override=a override=a', { kind: 'repeated' }],
  ])('written as %s refuses the comment', (text, expected) => {
    expect(refusal(`@bot ${text}`)).toMatchObject(expected);
  });
});

describe('a short form', () => {
  it('is what is named, not what it stands for', () => {
    expect(parseComment('@bot NOW!!! retry', 'bot')).toMatchObject({ short: 'NOW!' });
    expect(parseComment('@bot alone skipchecks', 'bot')).not.toHaveProperty('short');
    expect(refusal('@bot nice NOW!')).toMatchObject({ first: 'nice', second: 'NOW!' });
    expect(refusal('@bot NOW NOW')).toEqual({ kind: 'repeated', command: 'NOW' });
    expect(refusal('@bot NOW skipchecks')).toEqual({ kind: 'repeated', command: 'skipchecks' });
    expect(refusal('@bot r- NOW')).toMatchObject({ first: 'NOW', second: 'r-' });
  });
});

describe('a comment', () => {
  it('may hold several command lines and any other text', () => {
    expect(commands('Nice work!\n@bot r+\nand\n#BOT: priority\nbot:retry')).toEqual([
      APPROVE,
      { kind: 'priority', priority: 'priority' },
      { kind: 'retry' },
    ]);
  });

  it('is refused whole for one bad word in any of its lines', () => {
    expect(refusal('@bot r+\n@bot foo')).toMatchObject({ kind: 'unknown-word', word: 'foo' });
  });

  it('that only names the bot is heard when something could follow', () => {
    expect(commands('@bot ')).toEqual([]);
    expect(parseComment('@bot', 'bot').kind).toBe('none');
  });

  it('takes ten commands and not eleven', () => {
    const ten = 'retry check info help nice r+ squash delegate+ skipchecks fw=no';
    expect(commands(`@bot ${ten}`)).toHaveLength(10);
    expect(refusal(`@bot ${ten}\n@bot cancel=staging`)).toEqual({ kind: 'too-many', limit: 10 });
  });

  it('of more than 5,000 characters is answered if it addresses the bot, and only then', () => {
    const long = 'x'.repeat(5_000);
    expect(refusal(`@bot r+\n${long}`)).toMatchObject({ kind: 'too-long', limit: 5_000 });
    expect(parseComment(long, 'bot').kind).toBe('none');
  });

  it('takes a bot name with signs as it is', () => {
    expect(parseComment('@my.bot+1 retry', 'my.bot+1')).toMatchObject({ kind: 'commands' });
    expect(parseComment('@myxbot+1 retry', 'my.bot+1').kind).toBe('none');
  });
});
