import { Records1700000000001 } from './0001-records.ts';
import { Repairs1700000000002 } from './0002-repairs.ts';
import { People1700000000003 } from './0003-people.ts';
import { Ports1700000000004 } from './0004-ports.ts';
import { WebSessions1700000000005 } from './0005-web-sessions.ts';
import { OpenRows1700000000006 } from './0006-open-rows.ts';
import { Scratch1700000000007 } from './0007-scratch.ts';

/** Append only, oldest first. */
export const MIGRATIONS = [
  Records1700000000001,
  Repairs1700000000002,
  People1700000000003,
  Ports1700000000004,
  WebSessions1700000000005,
  OpenRows1700000000006,
  Scratch1700000000007,
];
