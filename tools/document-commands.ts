import { COMMAND_LIMIT, COMMANDS, COMMENT_LIMIT } from '../src/rules/commands.ts';
import type { CommandRow } from '../src/rules/commands.ts';
import { ROLE_PHRASES } from '../src/rules/command-table.ts';

const INTRODUCTION = `# Commands

Generated from \`src/rules/command-table.ts\` by \`npm run docs\`.

A line addresses the bot when it begins with its name: \`@stagecoach r+\`. A \`#\` in place of the \`@\`, or
neither, works too, and so does a colon after the name. Comments and the texts of reviews are read;
descriptions, edits and e-mail quotations are not. Text in quotations, code, HTML comments, hidden
elements and link texts is never a command. Where a project sets \`review_approves\`, a review that
approves is \`r+\`, and one that asks for changes, or an approval that is dismissed, takes it back.

Commands are ASCII and case-sensitive; a value with spaces, signs or other letters goes in quotes. A
comment holds at most ${COMMAND_LIMIT} commands and ${COMMENT_LIMIT} characters. It is carried out whole or not at all: one word
that is not understood, one command without the right, one that is not possible, and nothing is done
and you are told why. A success that needs no words is a reaction to your comment; so is every answer
once you were given enough words within an hour. An approval is of the head you could see: \`r+\` that
was written before the last push is refused.

The rights below are the defaults; a project may change them (\`stagecoach rights\`, page \`/rights\`).
`;

/** Renders docs/COMMANDS.md from the one table of commands. */
export function renderCommands(): string {
  const rows = COMMANDS.map((row: CommandRow) => {
    const who = row.who.map((role) => ROLE_PHRASES[role]).join('; ');
    return `| ${row.syntax.replaceAll('|', '\\|')} | ${row.what} | ${who} | \`@stagecoach ${row.example}\` |`;
  });
  const table = ['| command | does | who | example |', '| --- | --- | --- | --- |', ...rows];
  return `${INTRODUCTION}\n${table.join('\n')}\n`;
}
