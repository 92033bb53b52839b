// `receive.mjs ours|bare URL`: a server that takes webhooks and stores them in the database, until SIGTERM.
import { register } from 'tsx/esm/api';

register();
await import('./receive.ts');
