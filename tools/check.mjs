// `npm run check`: every script named `check:…`, as many at a time as there are cores. What one prints comes whole, when it has ended.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from './prepare.mjs';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const waiting = Object.keys(scripts).filter((name) => name.startsWith('check:'));
const failed = [];

await Promise.all(Array.from({ length: availableParallelism() }, work));
for (const name of failed) console.error(`failed: npm run ${name}`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function work() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const { code, output } = await run(name);
    process.stdout.write(`${code === 0 ? 'good' : 'FAILED'}: npm run ${name}\n`);
    if (code === 0) continue;
    process.stdout.write(output);
    failed.push(name);
  }
}

function run(name) {
  const child = spawn('npm', ['run', '--silent', name], { cwd: root });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
