import { connect, type Socket } from 'node:net';

/** So many callers at a time who say nothing; whoever is sent away comes again. */
export class Crowd {
  readonly #address: URL;
  readonly #sockets = new Set<Socket>();
  #gone = false;
  /** How often one of them was sent away. */
  refused = 0;

  constructor(url: string, size: number) {
    this.#address = new URL(url);
    for (let i = 0; i < size; i += 1) this.#come();
  }

  #come(): void {
    const socket = connect(Number(this.#address.port), this.#address.hostname);
    this.#sockets.add(socket);
    socket.on('error', () => undefined); // told by `close`
    socket.resume();
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (this.#gone) return;
      this.refused += 1;
      setTimeout(() => (this.#gone ? undefined : this.#come()), 200);
    });
  }

  leave(): void {
    this.#gone = true;
    for (const socket of this.#sockets) socket.destroy();
  }
}
