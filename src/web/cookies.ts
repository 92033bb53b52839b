import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Site } from './site.ts';

/** A cookie's name: with TLS the browser itself guarantees that no other host set it. */
function cookieName(site: Site, name: string): string {
  return isSecure(site) ? `__Host-${name}` : name;
}

/** The `Set-Cookie` line of a cookie for this host alone, out of reach of scripts. */
export function setCookie(
  site: Site,
  cookie: { readonly name: string; readonly value: string; readonly maxAgeMs: number },
): string {
  const flags = ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(isSecure(site) ? ['Secure'] : [])];
  const age = `Max-Age=${Math.floor(cookie.maxAgeMs / 1000)}`;
  return [`${cookieName(site, cookie.name)}=${cookie.value}`, age, ...flags].join('; ');
}

/** Reads a cookie of ours. */
export function readCookie(site: Site, header: string | undefined, name: string): string | null {
  const wanted = `${cookieName(site, name)}=`;
  const found = header?.split(/; */).find((part) => part.startsWith(wanted));
  return found?.slice(wanted.length) ?? null;
}

/** Text with a signature that only this server makes: `<base64url>.<base64url>`. */
export function seal(site: Site, purpose: string, text: string): string {
  const body = Buffer.from(text).toString('base64url');
  return `${body}.${sign(site, purpose, body)}`;
}

/** The text of {@link seal}, or null when somebody else made it or for another purpose. */
export function unseal(site: Site, purpose: string, sealed: string | null): string | null {
  const [body, signature] = sealed?.split('.') ?? [];
  if (!site.settings.oauth || body === undefined || signature === undefined) return null;
  const [given, right] = [Buffer.from(signature), Buffer.from(sign(site, purpose, body))];
  // timingSafeEqual throws on different lengths
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  return Buffer.from(body, 'base64url').toString();
}

/** HMAC for one purpose. The key follows from the OAuth secret: replacing that ends everything signed before. */
export function sign(site: Site, purpose: string, body: string): string {
  const key = site.settings.oauth?.clientSecret.reveal() ?? '';
  return createHmac('sha256', `stagecoach ${purpose} ${key}`).update(body).digest('base64url');
}

function isSecure(site: Site): boolean {
  return site.origin().startsWith('https:');
}
