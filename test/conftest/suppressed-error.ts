/**
 * What a failing story and its failing end come to. Node 20 has no SuppressedError, and the compiler's stand-in for it is
 * looked up under this name, which it does not define (swc 1.16); here both failures are told.
 */
class SuppressedError extends Error {
  constructor(error: unknown, suppressed: unknown) {
    super(`${text(suppressed)}\n\nand then, at the end: ${text(error)}`);
  }
}

function text(error: unknown): string {
  return error instanceof Object && 'stack' in error ? String(error.stack) : String(error);
}

Object.assign(globalThis, { _SuppressedError: SuppressedError });
