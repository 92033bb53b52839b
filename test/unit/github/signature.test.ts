import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { verifySignature } from '../../../src/github/signature.ts';

// The vector of GitHub's documentation ("Validating webhook deliveries").
const SECRET = "It's a Secret to Everybody";
const BODY = Buffer.from('Hello, World!');
const DIGEST = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
const GOOD = `sha256=${DIGEST}`;

function sign(body: Uint8Array, secret: string, algorithm = 'sha256'): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;
}

describe('the signature of a webhook', () => {
  it('fits the vector GitHub publishes', () => {
    expect(verifySignature(BODY, GOOD, [SECRET])).toBe(true);
  });

  it.each([
    ['is missing (B-001)', undefined],
    ['is empty (B-001)', ''],
    ['is a sha1 one (B-001)', sign(BODY, SECRET, 'sha1')],
    ['is too short (B-002)', GOOD.slice(0, -2)],
    ['is too long (B-002)', `${GOOD}00`],
    ['is not hexadecimal (B-002)', `sha256=${'zz'.repeat(32)}`],
    ['has a line break at its end (B-002)', `${GOOD}\n`],
    ['names another algorithm in front of the right digest (B-003)', `md5=${DIGEST}`],
    ['names no algorithm (B-003)', `none=${DIGEST}`],
    ['is right but for its prefix (B-003)', DIGEST],
    ['came twice and was joined (B-006)', `${GOOD}, ${GOOD}`],
    ['came twice as a list (B-006)', [GOOD, GOOD]],
  ])('is refused when it %s', (_what, header) => {
    expect(verifySignature(BODY, header, [SECRET])).toBe(false);
  });

  it("is refused when made with another project's secret (B-004)", () => {
    expect(verifySignature(BODY, sign(BODY, 'another secret'), [SECRET])).toBe(false);
  });

  it('is refused for the same JSON printed anew (B-005)', () => {
    const sent = Buffer.from('{"a": 1}');
    const printed = Buffer.from(JSON.stringify(JSON.parse(sent.toString())));
    expect(verifySignature(sent, sign(sent, SECRET), [SECRET])).toBe(true);
    expect(verifySignature(printed, sign(sent, SECRET), [SECRET])).toBe(false);
  });

  it('is made over bytes, not over text', () => {
    const notUtf8 = Uint8Array.from([0xff, 0xfe, 0x00, 0x80]);
    const replaced = Buffer.from(Buffer.from(notUtf8).toString());
    expect(verifySignature(notUtf8, sign(notUtf8, SECRET), [SECRET])).toBe(true);
    expect(verifySignature(replaced, sign(notUtf8, SECRET), [SECRET])).toBe(false);
  });

  it('holds with either secret while one replaces the other', () => {
    for (const secret of ['old', 'new']) {
      expect(verifySignature(BODY, sign(BODY, secret), ['old', 'new'])).toBe(true);
    }
    expect(verifySignature(BODY, sign(BODY, 'old'), ['new'])).toBe(false);
  });

  it('never holds without a secret, nor with an empty one', () => {
    expect(verifySignature(BODY, sign(BODY, ''), [])).toBe(false);
    expect(verifySignature(BODY, sign(BODY, ''), [''])).toBe(false);
  });

  it('holds for what was signed and breaks with any changed byte', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.string({ minLength: 1 }),
        fc.nat(),
        (body, secret, seed) => {
          const header = sign(body, secret);
          expect(verifySignature(body, header, [secret])).toBe(true);
          const changed = Uint8Array.from(body);
          const at = seed % changed.length;
          changed[at] = changed[at]! ^ 1;
          expect(verifySignature(changed, header, [secret])).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('answers no to any header, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(verifySignature(BODY, header, [SECRET])).toBe(false);
      }),
    );
  });
});
