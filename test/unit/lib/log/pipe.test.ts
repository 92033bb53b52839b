import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogPipe } from '../../../../src/lib/log/pipe.ts';

let folder: string;
let reader: number;
let writer: number;

const open = (flags: number) => openSync(join(folder, 'pipe'), flags | constants.O_NONBLOCK);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-pipe-'));
  execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')]);
  reader = open(constants.O_RDONLY);
  writer = open(constants.O_WRONLY);
});

afterEach(() => {
  for (const fd of [reader, writer]) closeSync(fd);
  rmSync(folder, { recursive: true });
});

const newPipe = () => new LogPipe(writer, (dropped) => `missing ${dropped}\n`);

/** What lies in the pipe, which is empty after that. */
function read(): string {
  const bytes = Buffer.alloc(1024 * 1024);
  try {
    return bytes.subarray(0, readSync(reader, bytes)).toString();
  } catch {
    return ''; // EAGAIN: nothing
  }
}

/** Reads while the log goes on, until nothing comes any more. */
function readOn(pipe: LogPipe): string[] {
  let text = '';
  for (let part = read(); part !== ''; part = read()) {
    text += part;
    pipe.end(0); // what is kept goes out, as far as there is room
  }
  return text.split('\n').slice(0, -1);
}

const line = (number: number) => `${String(number).padStart(6, '0')} ${'.'.repeat(492)}`;

describe('the pipe of the log', () => {
  it('has written a line when it is asked to', () => {
    newPipe().write('first\n');
    expect(read()).toBe('first\n');
  });

  it('keeps what finds no room, in its order', () => {
    const pipe = newPipe();
    const lines = Array.from({ length: 1000 }, (_, i) => line(i)); // half of what it may keep
    for (const one of lines) pipe.write(`${one}\n`);
    expect(readOn(pipe)).toEqual(lines);
    expect(pipe.dropped).toBe(0);
  });

  it('drops what is too much, in one place, and tells there how much that was', () => {
    const pipe = newPipe();
    for (let i = 0; i < 5000; i += 1) pipe.write(`${line(i)}\n`);
    const { dropped } = pipe;
    expect(dropped).toBeGreaterThan(2000);
    const lines = readOn(pipe);
    pipe.write('later\n');
    expect([...lines, ...readOn(pipe)]).toEqual([
      ...Array.from({ length: 5000 - dropped }, (_, i) => line(i)),
      `missing ${dropped}`,
      'later',
    ]);
    expect(pipe.dropped).toBe(dropped);
  });

  it('goes on without a reader, and tells the next one what he missed', () => {
    const pipe = newPipe();
    for (let i = 0; i < 200; i += 1) pipe.write(`${line(i)}\n`); // the last ones wait: the pipe is full
    closeSync(reader);
    for (let i = 200; i < 300; i += 1) pipe.write(`${line(i)}\n`);
    expect(pipe.dropped).toBeGreaterThanOrEqual(100);
    reader = open(constants.O_RDONLY);
    pipe.write('later\n');
    const lines = readOn(pipe).slice(-2);
    expect(lines).toEqual([`missing ${pipe.dropped}`, 'later']);
  });

  it('waits no longer for its reader than a moment when the process ends', () => {
    const pipe = newPipe();
    for (let i = 0; i < 1000; i += 1) pipe.write(`${line(i)}\n`);
    pipe.end(); // comes back, though nobody reads
    expect(readOn(pipe)).toHaveLength(1000);
  });
});
