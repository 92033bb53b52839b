import { describe, expect, it } from '@jest/globals';
import { CRON_NAMES } from '../../../src/triggers/names.ts';
import { bells, deadlineBells, triggerBell } from '../../../src/triggers/sql.ts';
import { DEADLINES, QUEUES, TRIGGERS } from '../../../src/triggers/table.ts';

/** Crons that look by their fallback alone; everything else hears a write or a deadline. */
const BY_FALLBACK_ALONE: readonly string[] = [];

describe('the table of triggers', () => {
  it('wakes every cron by something', () => {
    const woken = new Set([...TRIGGERS, ...DEADLINES].map((one) => one.wakes));

    expect(CRON_NAMES.filter((name) => !woken.has(name))).toEqual(BY_FALLBACK_ALONE);
  });

  it('wakes the cron of every queue when a row comes and when its retry is due', () => {
    for (const { table, cron } of QUEUES) {
      expect(TRIGGERS).toContainEqual(
        expect.objectContaining({ table, on: 'insert', wakes: cron }),
      );
      expect(DEADLINES).toContainEqual(
        expect.objectContaining({ table, at: 'retry_at', wakes: cron }),
      );
    }
  });

  it('has at most one time of a table for a cron: they would share a subject', () => {
    const pairs = DEADLINES.map(({ table, wakes }) => `${table} ${wakes}`);

    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it('says of each entry what may now be possible', () => {
    for (const { because } of [...TRIGGERS, ...DEADLINES])
      expect(because).toMatch(/^[a-z].{10,80}[a-z]$/i);
  });
});

describe('the DDL of bells', () => {
  it('gives every bell a name of its own that PostgreSQL keeps whole', () => {
    const names = bells().map((bell) => `${bell.table}.${bell.name}`);

    expect(new Set(names).size).toBe(names.length);
    for (const { name } of bells()) expect(name.length).toBeLessThan(63);
  });

  it('rings on insert', () => {
    const bell = triggerBell({ table: 't', on: 'insert', wakes: 'fetch', because: '' });

    expect(bell.sql).toEqual([
      `create trigger wake_fetch_on_insert after insert on t for each row  execute function ring_cron('fetch')`,
    ]);
  });

  it('rings only when a named column really changed, and the condition holds', () => {
    const bell = triggerBell({
      table: 't',
      on: ['a', 'b'],
      when: 'new.a > 1',
      wakes: 'branch-removal',
      because: '',
    });

    expect(bell.sql[0]).toBe(
      `create trigger wake_branch_removal_on_a_b after update of a, b on t for each row when ((old.a is distinct from new.a or old.b is distinct from new.b) and (new.a > 1)) execute function ring_cron('branch-removal')`,
    );
  });

  it('reads the condition of a deadline on the old row too, to take back its wake', () => {
    const made = deadlineBells({
      table: 't',
      at: 'due',
      when: 'new.x and new.y',
      wakes: 'merge',
      because: '',
    });

    expect(made.map(({ name }) => name)).toEqual([
      'due_t_due',
      'due_t_due_insert',
      'due_t_due_update',
      'due_t_due_delete',
    ]);
    expect(made[2]?.sql[0]).toContain(
      '(old.due is not null and (old.x and old.y)) is distinct from (new.due is not null and (new.x and new.y))',
    );
  });
});
