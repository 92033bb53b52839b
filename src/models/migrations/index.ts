import { Records1700000000001 } from './0001-records.ts';
import { WebSessions1700000000005 } from './0005-web-sessions.ts';

/** Append only, oldest first. */
export const MIGRATIONS = [Records1700000000001, WebSessions1700000000005];
