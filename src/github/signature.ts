import { createHmac, timingSafeEqual } from 'node:crypto';

const DIGEST_BYTES = 32;

/**
 * Tells whether a webhook comes from somebody who knows one of the secrets.
 *
 * Only `sha256=` and 64 lower-case hex digits, whatever else the header offers; a header that came twice, which Node
 * joins with a comma, is none. Every secret is tried and compared in constant time. An empty secret never fits.
 *
 * @param body the bytes as they came: one parsed and printed again has another signature.
 * @param header `X-Hub-Signature-256` as it came.
 * @param secrets several while a secret is being changed for another.
 */
export function verifySignature(
  body: Uint8Array,
  header: string | readonly string[] | undefined,
  secrets: readonly string[],
): boolean {
  const claimed = readHeader(header);
  if (claimed === null) return false;
  let fits = false;
  for (const secret of secrets) {
    if (secret === '') continue;
    const digest = createHmac('sha256', secret).update(body).digest();
    if (timingSafeEqual(digest, claimed)) fits = true;
  }
  return fits;
}

/** The claimed digest: always as long as the true one, which `timingSafeEqual` insists on. */
function readHeader(header: string | readonly string[] | undefined): Buffer | null {
  if (typeof header !== 'string') return null;
  const hex = /^sha256=([0-9a-f]{64})$/.exec(header)?.[1];
  if (hex === undefined) return null;
  const claimed = Buffer.from(hex, 'hex');
  return claimed.length === DIGEST_BYTES ? claimed : null;
}
