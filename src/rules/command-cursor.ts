import type { Token } from './command-tokens.ts';
import type { Refusal } from './command-types.ts';

/** Something read from a command line, or why not. */
export type Read<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Wraps what was read. */
export function read<T>(value: T): Read<T> {
  return { kind: 'read', value };
}

/** Wraps why nothing was read. */
export function refuse(refusal: Refusal): Read<never> {
  return { kind: 'refused', refusal };
}

/** Carries on with what was read; a refusal stays one. */
export function chain<T, U>(result: Read<T>, next: (value: T) => Read<U>): Read<U> {
  return result.kind === 'read' ? next(result.value) : result;
}

/** A place in the tokens of one command line. It only moves forward. */
export class Cursor {
  private index = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  /** The token at the place, or null at the end of the line. */
  peek(): Token | null {
    return this.tokens[this.index] ?? null;
  }

  advance(): void {
    this.index += 1;
  }

  /** Steps over a mark if it stands here. */
  takesMark(mark: string): boolean {
    const token = this.peek();
    const found = token?.kind === 'mark' && token.text === mark;
    if (found) this.advance();
    return found;
  }

  /** Reads a word or a quoted text; `expected` says what for, when there is none. */
  value(expected: string): Read<string> {
    const token = this.peek();
    if (token === null || token.kind === 'mark') return this.missing(expected);
    this.advance();
    return read(token.text);
  }

  /** Reads a mark and the value after it. */
  valueAfter(mark: string, expected: string): Read<string> {
    return this.takesMark(mark) ? this.value(expected) : this.missing(`${mark}${expected}`);
  }

  /** Reads values with commas between them after an equals sign, each once, in order. */
  list(expected: string): Read<string[]> {
    if (!this.takesMark('=')) return this.missing(`=${expected}`);
    const values: string[] = [];
    do {
      const value = this.value(expected);
      if (value.kind === 'refused') return value;
      if (!values.includes(value.value)) values.push(value.value);
    } while (this.takesMark(','));
    return read(values);
  }

  /** Refuses what stands here for want of something else. */
  missing(expected: string): Read<never> {
    return refuse({ kind: 'expected', expected, got: this.peek()?.text ?? null });
  }
}
