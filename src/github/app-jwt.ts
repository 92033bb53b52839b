import { createPrivateKey, sign } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';

const BACKDATE_S = 60; // our clock may be ahead of GitHub's
const LIFE_S = 8 * 60; // GitHub allows ten minutes, counted by its own clock

/** Signs the short-lived proof that a call comes from the App itself, not from one of its installations. */
export function signAppJwt(
  app: { readonly id: number; readonly privateKeyPem: string },
  clock: Clock,
): { readonly jwt: string; readonly expiresAt: string } {
  const now = Math.floor(clock.now().getTime() / 1000);
  const expires = now + LIFE_S;
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = { iat: now - BACKDATE_S, exp: expires, iss: String(app.id) };
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  const signature = sign('RSA-SHA256', Buffer.from(text), createPrivateKey(app.privateKeyPem));
  const jwt = `${text}.${signature.toString('base64url')}`;
  return { jwt, expiresAt: new Date(expires * 1000).toISOString() };
}
