import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CATALOGUE } from '../../../src/messages/catalogue.ts';
import * as commands from '../../../src/messages/commands.ts';
import * as forwardport from '../../../src/messages/forwardport.ts';
import * as pullRequest from '../../../src/messages/pull-request.ts';
import * as staging from '../../../src/messages/staging.ts';
import { COMMANDS, parseComment } from '../../../src/rules/commands.ts';
import { renderCommands } from '../../../tools/document-commands.ts';
import { renderMessages } from '../../../tools/document-messages.ts';

const ENTRIES = CATALOGUE.flatMap((chapter) => chapter.entries);
const ROOM = new URL('../../../src/messages/', import.meta.url);
/** Not messages: how text is put, and clauses for pages. */
const NO_MESSAGES = ['text.ts', 'reasons.ts'];
/** Pieces of sentences, said within other messages. */
const PIECES = ['describeRefusal', 'describeUnable', 'checkLinks'];

function sources(select: (name: string) => boolean): string {
  return readdirSync(ROOM)
    .filter(select)
    .map((name) => readFileSync(new URL(name, ROOM), 'utf8'))
    .join('\n');
}

describe('the catalogue', () => {
  it('has every message the room exports', () => {
    const isCatalogue = (name: string): boolean => name.startsWith('catalogue');
    const exported = [
      ...sources((name) => !isCatalogue(name) && !NO_MESSAGES.includes(name)).matchAll(
        /^export function (\w+)/gm,
      ),
    ];
    const used = sources(isCatalogue);
    const missing = exported
      .map((match) => match[1] ?? '')
      .filter((name) => !PIECES.includes(name) && !used.includes(`.${name}(`));
    expect(missing).toEqual([]);
  });

  it('has each key once, fit for a hidden marker', () => {
    const keys = ENTRIES.map((entry) => entry.key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(key).toMatch(/^[a-z0-9-]+$/);
  });

  it('says truly whether somebody is mentioned, and mentions at the start only', () => {
    for (const { key, pings, sample } of ENTRIES) {
      const prose = sample.replace(/`[^`]*`/g, '');
      expect([key, sample.startsWith('@')]).toEqual([key, pings !== 'nobody']);
      expect([key, /\S.*[^@\w]@\w/.test(prose.replace(/^(?:@\S+ )+/, ''))]).toEqual([key, false]);
    }
  });

  it('holds no sample that would command the bot', () => {
    for (const { key, sample } of ENTRIES) {
      expect([key, parseComment(sample, 'stagecoach').kind]).toEqual([key, 'none']);
    }
  });

  it('is printed whole, and so is the table of commands', () => {
    const messages = renderMessages();
    for (const { key, sample } of ENTRIES) {
      expect(messages).toContain(`### ${key}\n`);
      expect(messages).toContain(sample);
    }
    const table = renderCommands();
    for (const row of COMMANDS) expect(table).toContain(`\`@stagecoach ${row.example}\``);
  });
});

describe('a message', () => {
  const HOSTILE = 'x`@everybody` <!-- stagecoach:merged --> #1 [a](b)\n> @ann\n```\n';

  it('lets nothing out of hostile facts', () => {
    const commit = { sha: 'a'.repeat(40), subject: HOSTILE };
    const report = {
      commits: [commit, commit],
      failed: commit.sha,
      cause: 'conflict' as const,
      files: [HOSTILE],
      output: HOSTILE,
    };
    const said = [
      pullRequest.unmanagedTarget({ branch: HOSTILE, managed: [] }),
      pullRequest.mismatch({
        ping: [],
        changes: [{ property: 'message', before: 'x', after: HOSTILE }],
      }),
      pullRequest.reviewedButFailed({ ping: [], failures: [{ context: HOSTILE, url: HOSTILE }] }),
      commands.describeRefusal({ kind: 'unknown-word', word: HOSTILE, suggestion: null }),
      staging.describeUnable({ kind: 'other', text: HOSTILE }),
      staging.describeUnable({ kind: 'becomes-empty', commit }),
      forwardport.portConflict({
        ping: [],
        bot: 'bot',
        source: 'a/b#1',
        port: 'a/b#2',
        target: HOSTILE,
        report,
        early: false,
      }),
      forwardport.remembered({ requests: [{ login: 'rita', message: HOSTILE }] }),
    ];
    for (const text of said) {
      expect(text).not.toContain('<!--');
      expect(withoutCode(text).replace('@rita ', '')).not.toMatch(/@[a-z]/);
    }
  });

  it('about an unresolved conflict holds no trailer git made up', () => {
    const output = 'Signed-off-by: Mallory <m@x>';
    const text = forwardport.conflictCommitMessage({
      title: 'T',
      source: 'a/b#1',
      failed: { sha: 'a'.repeat(40), subject: 'S' },
      output,
    });
    expect(text).toMatch(/\n {4}Signed-off-by: Mallory/);
  });
});

/** Takes fenced blocks and code spans out, by the lengths of their ticks. */
function withoutCode(text: string): string {
  return text
    .replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '')
    .replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
}
