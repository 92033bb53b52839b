import { connect } from 'node:net';

/** What a server said on a connection until it closed it, and how many bytes it let us send before. */
export interface RawAnswer {
  readonly text: string;
  /** Status of the first answer; 0 when the connection was closed without one. */
  readonly status: number;
  readonly sent: number;
}

/**
 * Sends bytes over a plain connection, as no HTTP library would, and reads until the server closes it.
 *
 * Who has said all must ask for the end with `Connection: close`, or wait for the server's patience to end.
 *
 * @param pieces sent one after the other, as fast as the server takes them; a generator may never end.
 */
export function speakRaw(url: string, pieces: Iterable<string | Buffer>): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const heard: Buffer[] = [];
    const source = pieces[Symbol.iterator]();
    const socket = connect(Number(port), hostname);
    let sent = 0;
    const send = (): void => {
      for (let next = source.next(); ; next = source.next()) {
        if (socket.destroyed || next.done === true) return;
        sent += next.value.length;
        if (!socket.write(next.value)) return;
      }
    };
    socket.on('connect', send);
    socket.on('drain', send);
    socket.on('data', (chunk: Buffer) => void heard.push(chunk));
    socket.on('end', () => socket.destroy());
    socket.on('error', () => socket.destroy()); // the server hung up while we were still speaking
    socket.on('close', () => {
      const text = Buffer.concat(heard).toString('latin1');
      resolve({ text, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), sent });
    });
  });
}
