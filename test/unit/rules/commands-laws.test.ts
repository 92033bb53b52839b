import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  COMMANDS,
  commandName,
  parseComment,
  printCommand,
  printComment,
} from '../../../src/rules/commands.ts';
import { anyCommand } from './any-command.ts';

describe('the grammar', () => {
  it('reads back what it prints, one command', () => {
    fc.assert(
      fc.property(anyCommand, (command) => {
        expect(parseComment(printComment([command], 'bot'), 'bot')).toEqual({
          kind: 'commands',
          commands: [command],
        });
      }),
    );
  });

  it('reads back any mixture whole, or refuses it whole for a clash', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { minLength: 1, maxLength: 10 }), (commands) => {
        const parsed = parseComment(printComment(commands, 'bot'), 'bot');
        if (parsed.kind === 'commands') expect(parsed.commands).toEqual(commands);
        else
          expect(parsed).toMatchObject({
            kind: 'refused',
            refusal: { kind: expect.stringMatching(/^(repeated|contradiction)$/) },
          });
      }),
    );
  });

  it('applies nothing of a mixture with one word it does not know', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 4 }), fc.nat(4), (commands, place) => {
        const words = commands.map(printCommand);
        words.splice(place, 0, 'frobnicate');
        expect(parseComment(`@bot ${words.join(' ')}`, 'bot').kind).toBe('refused');
      }),
    );
  });

  it('does not throw on any text', () => {
    const pieces = fc.constantFrom(
      '@bot ',
      'r+',
      '`',
      '```',
      '\n',
      '<!--',
      '-->',
      '"',
      "'",
      '=',
      '<details>',
      '[',
      '](',
      ')',
      '> ',
      '    ',
      '\\',
      'é',
      '-',
      ',',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string())), (parts) => {
        expect(['none', 'commands', 'refused']).toContain(parseComment(parts.join(''), 'bot').kind);
      }),
    );
  });

  it('has every command in the table of rights', () => {
    const names = COMMANDS.map((row) => row.name);
    expect(new Set(names).size).toBe(names.length);
    fc.assert(fc.property(anyCommand, (command) => expect(names).toContain(commandName(command))));
  });

  it('reads the example of every row of the table', () => {
    for (const row of COMMANDS) {
      expect([row.name, parseComment(`@bot ${row.example}`, 'bot').kind]).toEqual([
        row.name,
        'commands',
      ]);
    }
  });

  it.each<[string, (length: number) => string]>([
    ['one long word', (n) => `@bot ${'a'.repeat(n)}`],
    ['commands without end', (n) => `@bot ${'r+ '.repeat(n / 3)}`],
    ['a mention on each line', (n) => '@bot r+\n'.repeat(n / 8)],
    ['ticks', (n) => `${'`'.repeat(n)}\n@bot r+`],
    ['ticks of every length', (n) => `${ticksUpTo(Math.sqrt(2 * n))}\n@bot r+`],
    ['open comments', (n) => `${'<!--'.repeat(n / 4)}\n@bot r+`],
    ['open details', (n) => `${'<details>'.repeat(n / 9)}\n@bot r+`],
    ['brackets', (n) => `${'['.repeat(n)}\n@bot r+`],
    ['half links', (n) => `${'[a]('.repeat(n / 4)}\n@bot r+`],
    ['list marks', (n) => `${'- '.repeat(n / 2)}\n@bot r+`],
    ['spaces', (n) => `-${' '.repeat(n)}x\n@bot r+`],
    ['quotation marks', (n) => `@bot ${'"'.repeat(n)}`],
    ['backslashes', (n) => `@bot "${'\\'.repeat(n)}`],
    ['rules', (n) => `${'- - - '.repeat(n / 6)}\n@bot r+`],
    ['a mail header without end', (n) => `On ${'1 '.repeat(n / 2)}\n@bot r+`],
  ])('takes eight times as long for eight times as much of %s, not sixty-four times', (_, make) => {
    const [short, long] = [make(8_192), make(65_536)];
    expect(leastRatio(long, short)).toBeLessThan(BETWEEN);
  });
});

/** Below this a measurement is noise. */
const SMALLEST_MS = 0.1;

function ticksUpTo(most: number): string {
  return Array.from({ length: Math.floor(most) }, (_, n) => '`'.repeat(n)).join(' ');
}

/** Of 8, which is linear, and 64, which is quadratic. */
const BETWEEN = 32;

/** A busy machine only ever adds: the best of all tries of each counts, and there are more of them while it is busy. */
function leastRatio(long: string, short: string): number {
  const best = { long: Infinity, short: Infinity };
  let ratio = Infinity;
  for (let tries = 0; tries < 100 && (tries < 5 || ratio >= BETWEEN); tries += 1) {
    best.long = Math.min(best.long, costOf(long));
    best.short = Math.min(best.short, costOf(short));
    ratio = best.long / Math.max(best.short, SMALLEST_MS);
  }
  return ratio;
}

function costOf(text: string): number {
  const started = performance.now();
  parseComment(text, 'bot');
  return performance.now() - started;
}
