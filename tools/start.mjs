// `npm start`: the demo world, or with --config the bot for real.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root } from './prepare.mjs';

prepare();
const given = process.argv.slice(2);
const isReal = given.some((word) => word === '--config' || word.startsWith('--config='));
// In this same process: exit code and signals are the program's own, and nothing has to be forwarded.
const program = join(root, 'bin', 'stagecoach.mjs');
process.argv = [process.execPath, program, isReal ? 'serve' : 'demo', ...given];
await import(pathToFileURL(program).href);
