import { describe, expect, it } from '@jest/globals';
import { compileMergeAttributes } from '../../../src/git/attributes-text.ts';
import { aScratch, BOT, lines, type File } from './scratch.ts';

type Files = Readonly<Record<string, File | null>>;

/** Picks a change which meets another one in the same place, and says what became of it. */
async function picked(change: { base: Files; ours?: Files; theirs?: Files; path?: string }) {
  await using scratch = await aScratch();
  const { path = 'log' } = change;
  const base = scratch.commit({ files: { [path]: lines(), ...change.base } });
  const ours = { [path]: lines({ 5: 'ours' }), ...change.ours };
  const onto = scratch.commit({ on: base, files: ours });
  const theirs = { [path]: lines({ 5: 'theirs' }), ...change.theirs };
  const head = scratch.commit({ on: base, files: theirs });
  await scratch.fetched(onto, head);
  const outcome = await scratch.clone.pick({ onto, commits: [head], committerDate: BOT.date });
  return outcome.kind === 'picked' ? scratch.files(outcome.head)[path] : outcome.kind;
}

const united = lines({ 5: 'ours\ntheirs' });

describe('merge attributes of the target', () => {
  it('unite where they say so', async () => {
    expect(await picked({ base: { '.gitattributes': 'log merge=union\n' } })).toBe(united);
  });

  it('refuse to merge texts marked as not to be merged', async () => {
    for (const attributes of ['log -merge', 'log merge=binary', 'log binary', '* -merge']) {
      const base = { '.gitattributes': `${attributes}\n` };
      // Without the attribute the two changes would fit together.
      expect(await picked({ base, theirs: { log: lines({ 11: 'far away' }) } })).toBe('conflict');
    }
  });

  it('count from folders below, the deeper the stronger', async () => {
    const base = { '.gitattributes': '*.txt -merge\n', 'in/.gitattributes': '*.txt merge=union\n' };
    expect(await picked({ base, path: 'in/deep/a.txt' })).toBe(united);
    expect(await picked({ base, path: 'out/a.txt' })).toBe('conflict');
  });

  it('count as the target has them, whatever the pull request says', async () => {
    const union = { '.gitattributes': 'log merge=union\n' };
    expect(await picked({ base: {}, theirs: union })).toBe('conflict');
    expect(await picked({ base: {}, ours: union })).toBe(united);
    expect(await picked({ base: union, theirs: { '.gitattributes': null } })).toBe(united);
  });

  it('never start a driver of somebody', async () => {
    const base = { '.gitattributes': 'log merge=theirs\n' };
    expect(await picked({ base })).toBe('conflict');
  });

  it('count when they stand in a macro', async () => {
    const base = { '.gitattributes': '[attr]append merge=union\nlog append\n' };
    expect(await picked({ base })).toBe(united);
  });
});

describe('the text of all attributes of a tree', () => {
  const root = (text: string): string => compileMergeAttributes([{ folder: [], text }]);

  it('keeps what is about merging and nothing else', () => {
    expect(root('*.c text eol=lf\n# a comment\n*.po -text merge=union diff=po\n')).toBe(
      '"*.po" merge=union\n',
    );
  });

  it('takes a custom driver as plain text, as git does where the driver is not set up', () => {
    expect(root('a merge=union\na merge=mine\n')).toBe('"a" merge=union\n"a" merge=text\n');
  });

  it('drops patterns without meaning here, and lines git would not read', () => {
    expect(root('folder/ -merge\n!a -merge\n')).toBe('');
    expect(root(`${'x'.repeat(3000)} -merge\n`)).toBe('');
  });

  it('anchors patterns of folders below, whatever the folder is called', () => {
    const text = 'a -merge\nb/c -merge\n/d -merge\n"e f" -merge\n';
    const compiled = compileMergeAttributes([{ folder: ['x*', '#y'], text }]);
    expect(compiled.split('\n').slice(0, 4)).toEqual([
      '"/x\\\\*/#y/**/a" -merge',
      '"/x\\\\*/#y/b/c" -merge',
      '"/x\\\\*/#y/d" -merge',
      '"/x\\\\*/#y/**/e f" -merge',
    ]);
  });

  it('ignores macros of folders below, which git does not allow', () => {
    const text = '[attr]mine -merge\na mine\n';
    expect(compileMergeAttributes([{ folder: ['x'], text }])).toBe('');
  });
});
