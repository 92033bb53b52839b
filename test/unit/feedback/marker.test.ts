import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { markerOf, withMarker } from '../../../src/feedback/marker.ts';

describe('a marker', () => {
  it('shows an ordinary key as it is', () => {
    expect(markerOf('created/acme/app#3')).toBe('<!-- stagecoach:created/acme/app#3 -->');
  });

  it('is one comment mark, whatever the key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (key) => {
        const inside = markerOf(key).slice('<!-- '.length, -' -->'.length);
        expect(inside).not.toMatch(/--|[<>\s]/);
      }),
    );
  });

  it('differs where keys differ, also long ones', () => {
    const long = 'k'.repeat(500);

    expect(markerOf(`${long}1`)).not.toBe(markerOf(`${long}2`));
    expect(markerOf('a--b')).not.toBe(markerOf('a-b'));
  });

  it('stays at the end of a text that is too long for GitHub', () => {
    const body = withMarker('x'.repeat(70_000), 'k');

    expect(body.length).toBeLessThan(65_536);
    expect(body.endsWith('<!-- stagecoach:k -->')).toBe(true);
  });
});
