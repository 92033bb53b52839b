import { describe, expect, it } from '@jest/globals';
import { parseId, parsePull, path } from '../../../src/cli/context.ts';
import { createOutput } from '../../../src/cli/output.ts';

function printed(asJson: boolean): { out: ReturnType<typeof createOutput>; text: () => string } {
  let text = '';
  return { out: createOutput(asJson, (part) => void (text += part)), text: () => text };
}

describe('the output of a command', () => {
  it('lays rows out in columns, a dash for nothing, no spaces at the end', () => {
    const { out, text } = printed(false);
    out.table([
      ['NAME', 'N', ''],
      ['a', 12, null],
    ]);
    expect(text()).toBe('NAME  N\na     12  -\n');
  });

  it('is either for people or for programs', () => {
    const people = printed(false);
    people.out.json({ a: 1 });
    people.out.line('words');
    expect(people.text()).toBe('words\n');
    const programs = printed(true);
    programs.out.line('words');
    programs.out.table([['x']]);
    programs.out.json({ a: 1 });
    expect(JSON.parse(programs.text())).toEqual({ a: 1 });
  });

  it('lets no text of strangers command the terminal (I-46)', () => {
    const { out, text } = printed(false);
    out.line('a\u001b[2Jb\rc\u202ed\u0007');
    expect(text()).toBe('a\ufffd[2Jb\ufffdc\ufffdd\ufffd\n');
  });
});

describe('what people write on the command line', () => {
  it.each([
    'acme/app#12',
    'https://github.com/acme/app/pull/12',
    'http://127.0.0.1:8400/acme/app/pull/12',
  ])('names a pull request: %s', (text) => {
    expect(parsePull(text)).toEqual({ repository: 'acme/app', number: 12 });
  });

  it.each(['acme#12', 'acme/app', 'acme/app#0x1', 'acme/app#', 'a/b/c#1', 'acme/app#1 '])(
    'is refused: %j',
    (text) => {
      expect(() => parsePull(text)).toThrow('expected OWNER/REPO#NUMBER');
    },
  );

  it('gives numbers that are ids', () => {
    expect(parseId('42')).toBe(42);
    for (const text of ['0', '-1', '1.5', '1e3', '']) expect(() => parseId(text)).toThrow();
  });

  it('is escaped in paths', () => {
    expect(path`/api/crons/${'../x y'}/trigger`).toBe('/api/crons/..%2Fx%20y/trigger');
  });
});
