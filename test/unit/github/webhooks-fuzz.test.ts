import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseWebhook } from '../../../src/github/webhooks.ts';
import { PAYLOADS } from './payloads.ts';
import type { Json } from './payloads.ts';

const receivedAt = new Date('2026-03-02T00:00:00Z');
const EVENTS = Object.keys(PAYLOADS);

function parse(event: string, body: Uint8Array): ReturnType<typeof parseWebhook> {
  return parseWebhook({ event, body, receivedAt });
}

/** Every path in a payload that leads to a value. */
function paths(value: unknown, prefix: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...prefix]];
  const below = Object.entries(value).flatMap(([key, inner]) => paths(inner, [...prefix, key]));
  return prefix.length === 0 ? below : [[...prefix], ...below];
}

function put(payload: unknown, path: readonly string[], value: unknown): Json {
  const copy = structuredClone(payload) as Json;
  const holder = path.slice(0, -1).reduce((inner, key) => inner[key] as Json, copy);
  holder[path.at(-1)!] = value;
  return copy;
}

/** Every text in a value, at any depth. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

const mutation = fc.constantFrom(...EVENTS).chain((event) =>
  fc.record({
    event: fc.constant(event),
    path: fc.constantFrom(...paths(PAYLOADS[event])),
    value: fc.oneof(fc.jsonValue(), fc.constantFrom('a\0b', '\ud800', 2 ** 53, -1, undefined)),
  }),
);

describe('reading a webhook', () => {
  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...EVENTS), fc.uint8Array({ maxLength: 300 }), (event, body) => {
        expect(['refused', 'event']).toContain(parse(event, body).kind);
      }),
    );
  });

  it('survives any JSON', () => {
    fc.assert(
      fc.property(fc.constantFrom(...EVENTS), fc.jsonValue(), (event, payload) => {
        expect(['refused', 'event']).toContain(
          parse(event, Buffer.from(JSON.stringify(payload))).kind,
        );
      }),
    );
  });

  it('reads or refuses a payload with one value changed, and lets no unstorable text through (F-069)', () => {
    fc.assert(
      fc.property(mutation, ({ event, path, value }) => {
        const body = Buffer.from(JSON.stringify(put(PAYLOADS[event], path, value)));
        const parsed = parse(event, body);
        if (parsed.kind !== 'event') return;
        for (const text of texts(parsed.event)) {
          expect(text).not.toContain('\0');
          expect(text).not.toMatch(/\p{Surrogate}/u);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same for the same bytes', () => {
    fc.assert(
      fc.property(mutation, ({ event, path, value }) => {
        const body = Buffer.from(JSON.stringify(put(PAYLOADS[event], path, value)));
        expect(parse(event, body)).toEqual(parse(event, body));
      }),
    );
  });
});
