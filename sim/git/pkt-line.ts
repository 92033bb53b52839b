/** One packet with its length in front. */
export function packet(data: Buffer | string): Buffer {
  const content = typeof data === 'string' ? Buffer.from(data) : data;
  return Buffer.concat([Buffer.from((content.length + 4).toString(16).padStart(4, '0')), content]);
}

export const FLUSH = Buffer.from('0000');

/** Packets up to the first flush, and where what follows begins. */
export interface Packets {
  readonly lines: Buffer[];
  readonly end: number;
}

/** Reads packets up to a flush; delimiters (0001) are lines of length 0. */
export function readPackets(buffer: Buffer, start = 0): Packets {
  const lines: Buffer[] = [];
  let at = start;
  while (at + 4 <= buffer.length) {
    const length = Number.parseInt(buffer.toString('latin1', at, at + 4), 16);
    if (Number.isNaN(length)) return { lines, end: buffer.length };
    at += 4;
    if (length === 0) return { lines, end: at };
    if (length < 4) lines.push(Buffer.alloc(0));
    else {
      lines.push(buffer.subarray(at, at + length - 4));
      at += length - 4;
    }
  }
  return { lines, end: at };
}

/** Puts data into a side band in pieces git accepts. */
export function sideBand(band: 1 | 2, data: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < data.length; at += 65_000)
    pieces.push(packet(Buffer.concat([Buffer.from([band]), data.subarray(at, at + 65_000)])));
  return Buffer.concat(pieces);
}
