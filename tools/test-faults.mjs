// `npm run test:faults`: every crash point, event order, fault and a mass of inputs, and how many there were. Words after `--` go to jest;
// the name of a file or folder among them chooses what is told.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';
import { roomForTests } from './test-room.mjs';

prepare();
const folder = mkdtempSync(join(tmpdir(), 'stagecoach-faults-'));
const tally = join(folder, 'tally');
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const words = process.argv.slice(2);
const choice = words.some((word) => !word.startsWith('-')) ? [] : ['test/faults/', 'bad-input'];
const child = spawn(process.execPath, [...flags, jest, '--ci', ...words, ...choice], {
  cwd: root,
  stdio: 'inherit',
  env: {
    STAGECOACH_FAULTS: 'all',
    ...process.env,
    STAGECOACH_FAULTS_TALLY: tally,
    TMPDIR: roomForTests(),
  },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
  console.log(summary(code === 0));
  rmSync(folder, { recursive: true, force: true });
});

function summary(isGood) {
  const lines = existsSync(tally) ? readFileSync(tally, 'utf8').split('\n').filter(Boolean) : [];
  const counts = new Map();
  for (const { what, count } of lines.map((line) => JSON.parse(line)))
    counts.set(what, (counts.get(what) ?? 0) + count);
  const tried = [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
  const end = isGood ? 'no invariant was broken' : 'see above for what was broken';
  return `tried ${tried === '' ? 'nothing' : tried}: ${end}`;
}
