import { chain, Cursor, read, refuse } from './command-cursor.ts';
import type { Read } from './command-cursor.ts';
import { suggestCommand } from './command-suggestion.ts';
import { tokenize } from './command-tokens.ts';
import type { Command, PortPolicy, ResetScope } from './command-types.ts';

/** One command as typed: `NOW` stands for three. */
export type TypedCommand = readonly Command[];

/** Most people one `delegate=` may name. */
const DELEGATE_LIMIT = 5;
/** A login, or one of an enterprise's managed users. */
const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9]|[-_](?=[A-Za-z0-9])){0,99}$/;
const NUMBER = /^[1-9][0-9]{0,9}$/;
const HEAD = /^[0-9a-f]{7,64}$/;
const SHORTEST_HEAD = 12;
const RESET_SCOPES: readonly ResetScope[] = ['splits', 'staging', 'auto'];
const POLICIES: Readonly<Record<string, PortPolicy>> = {
  default: 'default',
  no: 'no',
  skipci: 'skipci',
  skipmerge: 'skipmerge',
  disable: 'no',
  disabled: 'no',
};

type Reader = (cursor: Cursor) => Read<TypedCommand>;

const only = (command: Command): Reader => {
  return () => read([command]);
};
const URGENT: readonly Command[] = [{ kind: 'skipchecks' }, { kind: 'cancel-staging' }];

/** What each word that may begin a command goes on with. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['r', readReview],
  ['review', readReview],
  ['rplush', only({ kind: 'approve', numbers: [], head: null })],
  ['r-', only({ kind: 'reject' })],
  ['review-', only({ kind: 'reject' })],
  ['retry', only({ kind: 'retry' })],
  ['merge', only({ kind: 'merge-method', method: 'merge' })],
  ['rebase-merge', only({ kind: 'merge-method', method: 'rebase-merge' })],
  ['rebase-ff', only({ kind: 'merge-method', method: 'rebase-ff' })],
  ['squash', only({ kind: 'merge-method', method: 'squash' })],
  ['check', only({ kind: 'check' })],
  ['info', only({ kind: 'info' })],
  ['help', only({ kind: 'help' })],
  ['delegate', readDelegate],
  ['override', readOverride],
  ['nice', only({ kind: 'priority', priority: 'nice' })],
  ['default', only({ kind: 'priority', priority: 'default' })],
  ['priority', only({ kind: 'priority', priority: 'priority' })],
  ['alone', only({ kind: 'priority', priority: 'alone' })],
  ['cancel', readCancel],
  ['skipchecks', only({ kind: 'skipchecks' })],
  ['NOW', () => read([{ kind: 'priority', priority: 'priority' }, ...URGENT])],
  ['reset', readReset],
  ['fw', readPolicy],
  ['up', readLimit],
  ['ignore', only({ kind: 'ignore' })],
  ['close', only({ kind: 'close' })],
  ['remindme', readReminder],
]);

/**
 * Reads the text of a command line, at most `limit` commands. The first thing that is not
 * understood refuses the line.
 */
export function parseLine(line: string, limit: number): Read<readonly TypedCommand[]> {
  const list = tokenize(line);
  if (list.kind === 'refused') return list;
  const cursor = new Cursor(list.tokens);
  const typed: TypedCommand[] = [];
  while (cursor.peek() !== null) {
    const command = readCommand(cursor);
    if (command.kind === 'refused') return command;
    if (typed.length === limit) return refuse({ kind: 'too-many', limit });
    typed.push(command.value);
  }
  return read(typed);
}

function readCommand(cursor: Cursor): Read<TypedCommand> {
  const token = cursor.peek();
  const word = token?.text ?? '';
  cursor.advance();
  if (token?.kind === 'word') {
    const reader = /^NOW!+$/.test(word) ? readAlone : READERS.get(word);
    if (reader !== undefined) return reader(cursor);
  }
  return refuse({ kind: 'unknown-word', word, suggestion: suggestCommand(word) });
}

function readAlone(): Read<TypedCommand> {
  return read([{ kind: 'priority', priority: 'alone' }, ...URGENT]);
}

function readReview(cursor: Cursor): Read<TypedCommand> {
  if (cursor.takesMark('+')) return readHead(cursor);
  if (cursor.takesMark('-')) return read([{ kind: 'reject' }]);
  if (cursor.peek()?.text !== '=') return cursor.missing('+, - or =<number>');
  return chain(cursor.list('<number>'), (texts) => {
    const wrong = texts.find((text) => !NUMBER.test(text));
    if (wrong !== undefined) return refuse({ kind: 'expected', expected: '<number>', got: wrong });
    return read([{ kind: 'approve', numbers: texts.map(Number), head: null }]);
  });
}

/** A sha may follow `r+`; a word of that shape is no command. */
function readHead(cursor: Cursor): Read<TypedCommand> {
  const token = cursor.peek();
  if (token?.kind !== 'word' || !HEAD.test(token.text)) {
    return read([{ kind: 'approve', numbers: [], head: null }]);
  }
  if (token.text.length < SHORTEST_HEAD) return refuse({ kind: 'short-head', text: token.text });
  cursor.advance();
  return read([{ kind: 'approve', numbers: [], head: token.text }]);
}

function readDelegate(cursor: Cursor): Read<TypedCommand> {
  if (cursor.takesMark('+')) return read([{ kind: 'delegate', logins: [] }]);
  return chain(cursor.list('<login>'), (texts) => {
    const logins = [...new Set(texts.map((text) => text.replace(/^[@#]/, '')))];
    const wrong = logins.find((login) => !LOGIN.test(login));
    if (wrong !== undefined) return refuse({ kind: 'expected', expected: '<login>', got: wrong });
    if (logins.length > DELEGATE_LIMIT) {
      return refuse({ kind: 'too-many-values', command: 'delegate=', limit: DELEGATE_LIMIT });
    }
    return read([{ kind: 'delegate', logins }]);
  });
}

function readOverride(cursor: Cursor): Read<TypedCommand> {
  return chain(cursor.list('<context>'), (contexts) => {
    if (contexts.includes('')) return refuse({ kind: 'expected', expected: '<context>', got: '' });
    return read([{ kind: 'override', contexts }]);
  });
}

function readCancel(cursor: Cursor): Read<TypedCommand> {
  return chain(cursor.valueAfter('=', 'staging'), (value) =>
    value === 'staging'
      ? read([{ kind: 'cancel-staging' }])
      : refuse({ kind: 'unknown-value', command: 'cancel=', value, known: ['staging'] }),
  );
}

function readReset(cursor: Cursor): Read<TypedCommand> {
  return chain(cursor.valueAfter('=', RESET_SCOPES.join('|')), (value) => {
    const scope = RESET_SCOPES.find((one) => one === value.toLowerCase());
    if (scope !== undefined) return read([{ kind: 'reset', scope }]);
    return refuse({ kind: 'unknown-value', command: 'reset=', value, known: RESET_SCOPES });
  });
}

function readPolicy(cursor: Cursor): Read<TypedCommand> {
  const known = ['default', 'no', 'skipci', 'skipmerge'];
  return chain(cursor.valueAfter('=', known.join('|')), (value) => {
    const name = value.toLowerCase();
    const policy = Object.hasOwn(POLICIES, name) ? POLICIES[name] : undefined;
    if (policy !== undefined) return read([{ kind: 'fw', policy }]);
    return refuse({ kind: 'unknown-value', command: 'fw=', value, known });
  });
}

function readLimit(cursor: Cursor): Read<TypedCommand> {
  if (cursor.peek()?.text !== 'to') return cursor.missing('to <branch>');
  cursor.advance();
  return chain(branch(cursor.value('<branch>')), (name) => read([{ kind: 'limit', branch: name }]));
}

function readReminder(cursor: Cursor): Read<TypedCommand> {
  return chain(branch(cursor.valueAfter(':', '<branch>')), (name) =>
    chain(cursor.valueAfter('=', '<message>'), (message) =>
      message.trim() === ''
        ? refuse({ kind: 'expected', expected: '<message>', got: message })
        : read([{ kind: 'remindme', branch: name, message }]),
    ),
  );
}

/** A quoted text may be empty; a branch may not. */
function branch(value: Read<string>): Read<string> {
  return chain(value, (name) =>
    name === '' ? refuse({ kind: 'expected', expected: '<branch>', got: '' }) : read(name),
  );
}
