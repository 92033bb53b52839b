import { Socket } from 'node:net';

/**
 * A socket that ends with an error once nothing has come or gone on it for so long. TCP itself waits a quarter of an hour
 * and more for the answer of a machine that is gone without a word, or behind a firewall that forgot the connection
 * (reliability F-036). What was asked last may have been done: whoever asked treats it as a connection that was cut.
 */
export function socketThatEndsSilence(limitMs: number): Socket {
  const socket = new Socket();
  socket.setTimeout(limitMs, () => {
    socket.destroy(new Error(`PostgreSQL has been silent for ${limitMs / 1000} s`));
  });
  return socket;
}
