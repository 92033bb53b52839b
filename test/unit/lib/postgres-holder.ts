import { startPostgres } from '../../../src/lib/postgres.ts';

/** A process that runs an embedded cluster until it is killed: `postgres-holder.ts FOLDER`. */
const [, , dir] = process.argv;
if (dir === undefined) throw new Error('which folder?');
const { url } = await startPostgres({ dir, fast: true });
console.log(url);
setInterval(() => undefined, 60_000);
