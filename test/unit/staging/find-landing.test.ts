import { describe, expect, it } from '@jest/globals';
import { sha, type Sha } from '../../../src/lib/ids.ts';
import type { MergeMethod } from '../../../src/rules/merge-method.ts';
import { findLanding, type FoundLanding } from '../../../src/staging/find-landing.ts';
import { mergePull } from '../../../src/staging/merge-pull.ts';
import { aScratch, BOT, type NewCommit, type Scratch } from '../git/scratch.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const BY_BOT = `${BOT.name} <${BOT.email}> 1772359200 +0000`;
const SELF = { repository: 'acme/app', number: 7 };
const OTHER = { repository: 'acme/app', number: 8 };
const RITA = 'Rita <rita@acme.test>';
const ADA = 'Ada <ada@acme.test>';

interface Pull {
  readonly self: { readonly repository: string; readonly number: number };
  readonly head: Sha;
  readonly text?: { readonly title: string; readonly body: string };
  readonly signers?: readonly string[];
}

/** Lands it on a commit as a staging does. @returns the new tip. */
async function land(
  scratch: Scratch,
  onto: Sha,
  landing: Pull & { method: MergeMethod },
): Promise<Sha> {
  const { clone } = scratch;
  const { self, head, method, signers = [RITA] } = landing;
  await scratch.fetched(onto, head);
  const linked = [{ repository: 'acme/web', number: 3 }];
  const pull = landing.text ?? { title: 'A door', body: 'Of oak.\n\nCc: Ada <ada@acme.test>' };
  const candidate = { pull, head, facts: { self, linked, signers } };
  const series = await clone.commits(onto, head);
  const merged = await mergePull({ clone, onto, candidate, series, method, bot: BOT, now: NOW });
  if (merged.kind !== 'merged') throw new Error(JSON.stringify(merged));
  // what lands is at the remote: other commits may stand on it
  scratch.inClone(
    'push',
    '--quiet',
    `file://${scratch.origin}`,
    `${merged.head}:refs/landed/${merged.head}`,
  );
  return merged.head;
}

async function find(scratch: Scratch, tip: Sha, pull: Pull): Promise<FoundLanding | null> {
  await scratch.fetched(tip, pull.head);
  return findLanding({ clone: scratch.clone, self: pull.self, head: pull.head, tip, bot: BOT });
}

/** A target, and a pull request of two commits that was begun before its last one. */
function aPull(scratch: Scratch, about: Pick<NewCommit, 'message'> = {}) {
  const base = scratch.commit({ files: { a: 'a' } });
  const tip = scratch.commit({ on: base, files: { b: 'b' } });
  const first = scratch.commit({ on: base, files: { door: 'oak' }, ...about });
  const head = scratch.commit({ on: first, files: { door: 'old oak' }, ...about });
  return { base, tip, first, head };
}

describe('the landing of a pull request', () => {
  const methods: [MergeMethod, string][] = [
    ['merge', ''],
    ['squash', ''],
    ['rebase-ff', ''],
    ['rebase-merge', ''],
    ['rebase-ff', `\n\nSigned-off-by: ${ADA}\nCc: ${RITA}`],
  ];
  it.each(methods)('is found in its target by what it did: %s%s', async (method, trailers) => {
    await using scratch = await aScratch();
    const { tip, head } = aPull(scratch, { message: `change${trailers}\n` });
    const landed = await land(scratch, tip, { self: SELF, head, method });
    const later = scratch.commit({ on: landed, files: { c: 'c' } });

    const found = await find(scratch, later, { self: SELF, head });

    expect(found).toMatchObject({ mergedSha: landed, others: [] });
    expect(Object.keys(found?.map ?? {})).toContain(head);
    expect(await find(scratch, tip, { self: SELF, head })).toBeNull();
  });

  it('is found where its author had merged the target in, in either order', async () => {
    await using scratch = await aScratch();
    const { tip, head } = aPull(scratch);
    for (const parents of [
      [head, tip],
      [tip, head],
    ]) {
      const updated = scratch.commit({ on: parents, files: { door: 'old oak', b: 'b' } });
      const onto = scratch.commit({ on: tip, files: { e: 'e' } });
      const landed = await land(scratch, onto, { self: SELF, head: updated, method: 'merge' });

      const found = await find(scratch, landed, { self: SELF, head: updated });

      expect(found).toMatchObject({ mergedSha: landed });
    }
  });

  it('is found although the reviewer is the author, who signed off himself', async () => {
    await using scratch = await aScratch();
    const { tip, head } = aPull(scratch, { message: `change\n\nSigned-off-by: ${RITA}\n` });
    const landed = await land(scratch, tip, { self: SELF, head, method: 'rebase-ff' });

    expect(await find(scratch, landed, { self: SELF, head })).toMatchObject({ mergedSha: landed });
  });

  it('tells what else of its repository the commit names', async () => {
    await using scratch = await aScratch();
    const { tip, head } = aPull(scratch);
    const text = { title: 'A door', body: 'Like #8, not x#9 or acme/web#4; fixes acme/app#12.' };
    const landed = await land(scratch, tip, { self: SELF, head, text, method: 'squash' });

    expect(await find(scratch, landed, { self: SELF, head })).toMatchObject({ others: [8, 12] });
  });

  it('counts no more once a later commit says that it undid it', async () => {
    await using scratch = await aScratch();
    const { tip, head } = aPull(scratch);
    const landed = await land(scratch, tip, { self: SELF, head, method: 'squash' });
    const message = `Revert "A door"\n\nIt landed as ${landed}, but\n\nPart-of: acme/app#7\n`;
    const undone = scratch.commit({ on: landed, files: { door: null }, message });

    expect(await find(scratch, undone, { self: SELF, head })).toBeNull();
  });
});

describe('what is no landing of a pull request', () => {
  it('is a commit that only names it, whatever else it says', async () => {
    await using scratch = await aScratch();
    const { tip, head } = aPull(scratch);
    const message = `A door\n\ncloses acme/app#7\n\nSigned-off-by: ${RITA}\n`;
    const named = scratch.commit({
      on: tip,
      files: { x: 'x' },
      message,
      author: BY_BOT,
      committer: BY_BOT,
    });
    const merged = scratch.commit({
      on: [named, head],
      files: { y: 'y' },
      message,
      author: BY_BOT,
      committer: BY_BOT,
    });

    expect(await find(scratch, merged, { self: SELF, head })).toBeNull();
  });

  it('is the landing of another one of the same commits', async () => {
    await using scratch = await aScratch();
    const { tip, head } = aPull(scratch);
    for (const method of ['merge', 'squash', 'rebase-ff', 'rebase-merge'] as const) {
      const landed = await land(scratch, tip, { self: OTHER, head, method });

      expect(await find(scratch, landed, { self: SELF, head })).toBeNull();
    }
  });

  it('is its port, which has its commits and names it', async () => {
    await using scratch = await aScratch();
    const { tip, head } = aPull(scratch);
    const landed = await land(scratch, tip, { self: SELF, head, method: 'squash' });
    const { message } = await scratch.clone.commit(landed);
    const elsewhere = scratch.commit({ files: { z: 'z' } });
    const picked = scratch.commit({
      ...{ on: elsewhere, files: { door: 'old oak' } },
      message: `${message.trimEnd()}\nX-original-commit: ${landed}\n`,
    });
    const port = { self: OTHER, head: picked, method: 'rebase-ff' } as const;
    const ported = await land(scratch, elsewhere, port);

    expect(await find(scratch, ported, { self: SELF, head })).toBeNull();
    expect(await find(scratch, ported, port)).toMatchObject({ mergedSha: ported, others: [7] });
  });

  it('is a merge by hand, or by the button', async () => {
    await using scratch = await aScratch();
    const { tip, head } = aPull(scratch);
    const message = 'Merge pull request #7 from ada/door\n\nA door\n';
    const files = { door: 'old oak', b: 'b' };
    const byHand = scratch.commit({ on: [tip, head], files, message });

    expect(await find(scratch, byHand, { self: SELF, head })).toBeNull();
  });

  it('is a commit of a contributor that looks like one, in the history of what he had merged', async () => {
    await using scratch = await aScratch();
    const { base, tip, head } = aPull(scratch);
    // what a landing of #7 would be, but in a pull request of his own: its merge has the target second
    const forged = await land(scratch, base, { self: SELF, head, method: 'squash' });
    const his = (by: string) =>
      scratch.commit({
        on: [forged, tip],
        files: { door: 'old oak', b: 'b' },
        author: by,
        committer: by,
      });
    for (const by of [`${ADA} 1700000000 +0000`, BY_BOT, BY_BOT.replace('Bot', 'B\u0001ot')]) {
      const onto = scratch.commit({ on: tip, files: { e: 'e' } });
      const landed = await land(scratch, onto, { self: OTHER, head: his(by), method: 'merge' });

      expect(await find(scratch, landed, { self: SELF, head })).toBeNull();
      expect(await find(scratch, forged, { self: SELF, head })).not.toBeNull(); // so good is the forgery
    }
  });

  it('is one whose pull request went on before it was closed', async () => {
    await using scratch = await aScratch();
    const { tip, head } = aPull(scratch);
    const landed = await land(scratch, tip, { self: SELF, head, method: 'squash' });
    const more = scratch.commit({ on: head, files: { door: 'glass' } });

    expect(await find(scratch, landed, { self: SELF, head: sha(more) })).toBeNull();
  });
});
