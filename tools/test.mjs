// `npm test`: every test, unit and integration. Words after `--` go to jest.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';
import { roomForTests } from './test-room.mjs';

prepare();
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const reporter = join(root, 'tools', 'jest-reporter.mjs');
// `--ci`: this command never writes a snapshot (and it ends the list of reporters, which is greedy).
const options = ['--reporters=default', `--reporters=${reporter}`, '--ci'];
const child = spawn(process.execPath, [...flags, jest, ...options, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TMPDIR: roomForTests() },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
