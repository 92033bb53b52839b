import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { QueryFailedError } from 'typeorm';
import { createLog } from '../../../src/lib/log.ts';
import { redactText } from '../../../src/lib/log/redact.ts';
import { Secret } from '../../../src/lib/secret.ts';

/** What one call of the logger writes. */
function written(
  write: (log: ReturnType<typeof createLog>) => void,
  secrets: Secret[] = [],
): string {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  write(createLog({ level: 'trace', secrets, destination }));
  return lines.join('');
}

const INSTALLATION = `ghs_1234567_eyJhbGciOi.${'aB3-_'.repeat(90)}.sig`;

describe('the log', () => {
  it.each([
    ['a classic token', `ghp_${'a1'.repeat(18)}`],
    ['an installation token of 2026, dots and all', INSTALLATION],
    ['a fine-grained token', `github_pat_${'A1_'.repeat(20)}`],
    ['a JWT', `eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjF9.c2ln-_nature`],
    ['the values of an Authorization header', 'Basic eDp0b2stc3RhZ2Vjb2FjaA=='],
    ['a bearer', 'bearer tok-stagecoach'],
    ['the credentials of an address', 'https://x:tok-stagecoach@github.test/a.git'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----'],
  ])('strikes out %s wherever it stands', (_, value) => {
    const line = written((log) => log.info({ note: `before ${value} after` }, `seen ${value}`));
    const telling = value.replace(/^\w+ |^https:\/\/|@.*$|-----/g, '').slice(-12);
    expect(line).toContain('***');
    expect(line).not.toContain(telling);
    expect(line).toContain('after');
  });

  it('strikes out the secrets of the configuration, however they look', () => {
    const secret = new Secret('pass"word\\with odd signs');
    const line = written((log) => log.info({ note: `x ${secret.reveal()} y` }, 'z'), [secret]);
    expect(line).toContain('"note":"x *** y"');
  });

  it('strikes out fields that only hold secrets', () => {
    const line = written((log) =>
      log.info({ token: 'abc', github: { authorization: 'def' } }, 'z'),
    );
    expect(line).not.toMatch(/abc|def/);
  });

  it('writes a failed query without its parameters', () => {
    const driver = Object.assign(new Error('duplicate key value'), {
      ...{ code: '23505', constraint: 'person_login', detail: 'Key (login)=(rita) exists' },
    });
    const sql = 'insert into person(login) values ($1)';
    const failed = new QueryFailedError(sql, ['rita'], driver);
    const line = written((log) => log.error({ err: failed }, 'z'));
    const { err } = JSON.parse(line) as { err: Record<string, unknown> };
    expect(err).toMatchObject({ type: 'QueryFailedError', query: sql, code: '23505' });
    expect(line).not.toContain('rita');
  });

  it('writes the causes of an error, and stops in a circle', () => {
    const error = new Error('outer', { cause: new Error('inner') });
    (error.cause as Error).cause = error;
    expect(written((log) => log.error({ err: error }, 'z'))).toContain('inner');
  });

  it('takes linear time over hostile text', () => {
    const started = performance.now();
    for (const piece of ['eyJ-', 'ghs_', '://', '-----BEGIN PRIVATE KEY-----', 'token ', 'a'])
      redactText(piece.repeat(50_000), []);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('a secret', () => {
  it('is three stars in every form but one', () => {
    const secret = new Secret('tok-stagecoach');
    const forms = [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }),
      inspect(secret),
    ];
    expect(forms.join()).not.toContain('tok');
    expect(secret.reveal()).toBe('tok-stagecoach');
  });
});
