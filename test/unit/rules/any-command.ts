import fc from 'fast-check';
import type { Command } from '../../../src/rules/commands.ts';
import { MERGE_METHODS } from '../../../src/rules/merge-method.ts';
import { PRIORITIES } from '../../../src/rules/queue.ts';

const value = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() !== '' && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text));
const login = fc.stringMatching(/^[A-Za-z0-9]{1,8}(-[a-z0-9]{1,4})?$/);
const just = <K extends Command['kind']>(...kinds: K[]) =>
  fc.constantFrom(...kinds).map((kind) => ({ kind }) as Command);

/** Every command there is, with values of every kind. */
export const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  fc
    .uniqueArray(fc.integer({ min: 1, max: 99_999 }), { maxLength: 3 })
    .map((numbers) => ({ kind: 'approve' as const, numbers, head: null })),
  fc
    .stringMatching(/^[0-9a-f]{12,40}$/)
    .map((head) => ({ kind: 'approve' as const, numbers: [], head })),
  just(
    'reject',
    'retry',
    'check',
    'info',
    'help',
    'cancel-staging',
    'skipchecks',
    'ignore',
    'close',
  ),
  fc.constantFrom(...MERGE_METHODS).map((method) => ({ kind: 'merge-method' as const, method })),
  fc.uniqueArray(login, { maxLength: 5 }).map((logins) => ({ kind: 'delegate' as const, logins })),
  fc
    .uniqueArray(value, { minLength: 1, maxLength: 4 })
    .map((contexts) => ({ kind: 'override' as const, contexts })),
  fc.constantFrom(...PRIORITIES).map((priority) => ({ kind: 'priority' as const, priority })),
  fc
    .constantFrom('splits' as const, 'staging' as const, 'auto' as const)
    .map((scope) => ({ kind: 'reset' as const, scope })),
  fc
    .constantFrom('default' as const, 'no' as const, 'skipci' as const, 'skipmerge' as const)
    .map((policy) => ({ kind: 'fw' as const, policy })),
  value.map((branch) => ({ kind: 'limit' as const, branch })),
  fc
    .tuple(value, value)
    .map(([branch, message]) => ({ kind: 'remindme' as const, branch, message })),
);
