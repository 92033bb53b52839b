import { Records1700000000001 } from './0001-records.ts';
import { People1700000000003 } from './0003-people.ts';
import { WebSessions1700000000005 } from './0005-web-sessions.ts';

/** Append only, oldest first. */
export const MIGRATIONS = [Records1700000000001, People1700000000003, WebSessions1700000000005];
