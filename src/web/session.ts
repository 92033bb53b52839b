import { randomBytes } from 'node:crypto';
import { readCookie, setCookie, sign } from './cookies.ts';
import type { Site } from './site.ts';

/** Who is logged in. The numeric id is the identity, the login is for display (R32). */
export interface Session {
  readonly githubId: string;
  readonly login: string;
}

/** How long a login holds at most, and how long without being used (reliability 5.7). */
const LONGEST_MS = 8 * 3_600_000;
const IDLE_MS = 30 * 60_000;
const NOTE_USE_AFTER_MS = 60_000; // a page's requests come in swarms: one write a minute is enough
/** 256 bits in base64url. */
const VALUE = /^[\w-]{43}$/;

/**
 * Logs a person in: a new value each time, so that none can be planted before (B-097). A login this browser still had
 * ends. Logins that are over are forgotten here, where new ones come in.
 *
 * @returns the `Set-Cookie` line.
 */
export async function openSession(
  site: Site,
  session: Session,
  cookies: string | undefined,
): Promise<string> {
  const value = randomBytes(32).toString('base64url');
  const now = site.clock.now();
  await endSession(site, cookies);
  await site.db.query(
    'delete from web_session where created_at <= $1 or used_at <= $2',
    oldest(now),
  );
  await site.db.query(
    'insert into web_session (hash, github_id, login, created_at, used_at) values ($1, $2, $3, $4, $4)',
    [hashOf(site, value), session.githubId, session.login, now],
  );
  return setCookie(site, { name: 'sid', value, maxAgeMs: LONGEST_MS });
}

/** Who a request's cookie says is logged in, while the login holds. */
export async function readSession(
  site: Site,
  cookies: string | undefined,
): Promise<Session | null> {
  const hash = hashIn(site, cookies);
  if (hash === null) return null;
  const now = site.clock.now();
  const rows = await site.db.query<(Session & { usedAt: Date })[]>(
    `select github_id as "githubId", login, used_at as "usedAt" from web_session
      where hash = $3 and created_at > $1 and used_at > $2`,
    [...oldest(now), hash],
  );
  const [session] = rows;
  if (session === undefined) return null;
  if (now.getTime() - session.usedAt.getTime() >= NOTE_USE_AFTER_MS)
    await site.db.query('update web_session set used_at = $2 where hash = $1', [hash, now]);
  return { githubId: session.githubId, login: session.login };
}

/** Ends the login of a cookie: it is of no use any more, whoever kept a copy. */
export async function endSession(site: Site, cookies: string | undefined): Promise<void> {
  const hash = hashIn(site, cookies);
  if (hash !== null) await site.db.query('delete from web_session where hash = $1', [hash]);
}

/** When a login must have begun, and been used last, to be over. */
function oldest(now: Date): [Date, Date] {
  return [new Date(now.getTime() - LONGEST_MS), new Date(now.getTime() - IDLE_MS)];
}

function hashIn(site: Site, cookies: string | undefined): string | null {
  if (!site.settings.oauth) return null;
  const value = readCookie(site, cookies, 'sid');
  return value !== null && VALUE.test(value) ? hashOf(site, value) : null;
}

function hashOf(site: Site, value: string): string {
  return sign(site, 'session', value);
}
