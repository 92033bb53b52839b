import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimPlace } from '../../../src/demo/mark.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stagecoach-mark-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function mark(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('the mark of a running demo', () => {
  it('keeps a second demo away and says who runs, and where', async () => {
    const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: 'pipe' });
    const address = 'http://127.0.0.1:8300';
    const file = mark('held.json', `${JSON.stringify({ pid: other.pid, address })}\n`);
    await expect(claimPlace(file)).rejects.toThrow(
      `a demo already runs here (process ${other.pid}, ${address}): stop it first`,
    );
    other.kill('SIGKILL');
  });

  it('is no hindrance once its process is dead, nor when it is no mark', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    for (const text of [JSON.stringify({ pid, address: null }), 'nonsense', '']) {
      const file = mark('stale.json', text);
      const claimed = await claimPlace(file);
      await claimed.tell('http://127.0.0.1:1');
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
        pid: process.pid,
        address: 'http://127.0.0.1:1',
      });
      await claimed.remove();
      expect(() => readFileSync(file)).toThrow('ENOENT');
    }
  });
});
