import { dataSource } from '../ormconfig.ts';
import { type Receiver, startBare, startOurs } from './a-receiver.ts';

const CONNECTIONS = 20;

/** A server alone in its process: nothing of the client is in what it takes of memory and time. */
async function start([which, url]: readonly string[]): Promise<Receiver> {
  if (url === undefined) throw new Error('which server, on which database?');
  if (which === 'bare') return startBare(url, CONNECTIONS);
  const db = await dataSource(url, CONNECTIONS).initialize();
  const server = await startOurs(db);
  return { url: server.url, close: () => server.close().then(() => db.destroy()) };
}

const server = await start(process.argv.slice(2));
process.once('SIGTERM', () => void server.close()); // then nothing is left that keeps the process
console.log(`listening on ${server.url}`);
