import { Records1700000000001 } from './0001-records.ts';

/** Append only, oldest first. */
export const MIGRATIONS = [Records1700000000001];
