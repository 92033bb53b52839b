import {
  hasKey,
  parseCommitMessage,
  printCommitMessage,
  splitLines,
  thematicBreak,
  withoutKey,
} from './commit-message.ts';

const ORIGINAL = 'X-original-commit';
const SIGNED = 'Signed-off-by';
const PORT_OF = 'Forward-Port-Of';

/**
 * Gives the message of a picked commit (R25): `X-original-commit` names the commit as merged, in
 * place of any other, and a sign-off of the original is called that, for nobody has signed this one.
 */
export function portMessage(text: string, originalCommit: string): string {
  const message = parseCommitMessage(text);
  const trailers = withoutKey(message.trailers, ORIGINAL).map((trailer) =>
    hasKey(trailer, SIGNED) ? { ...trailer, key: 'Original-signed-off-by' } : trailer,
  );
  return printCommitMessage({
    ...message,
    trailers: [...trailers, { key: ORIGINAL, value: originalCommit }],
  });
}

/**
 * Gives the description of a port: that of the source, and a line for each pull request it stems
 * from (root, then source; `owner/repo#n`), each once. The lines go before a thematic break, so that
 * they are part of the commit message when the port lands.
 */
export function forwardPortBody(sourceBody: string, stemsFrom: readonly string[]): string {
  const port = [...new Set(stemsFrom)].map((name) => `${PORT_OF}: ${name}`).join('\n');
  if (sourceBody.trim() === '') return port;
  const lines = ['', '', ...splitLines(sourceBody)];
  const cut = thematicBreak(lines);
  const shown = (cut === null ? lines : lines.slice(0, cut)).join('\n').trim();
  const rest = cut === null ? '' : lines.slice(cut).join('\n');
  return [shown, port, rest].filter((part) => part !== '').join('\n\n');
}

/** Reads the `Forward-Port-Of` lines of a description. For display only: anybody can write them. */
export function forwardPortOf(body: string): string[] {
  return splitLines(body).flatMap((line) => {
    const match = /^Forward-Port-Of:[ \t]+(\S{1,200})[ \t]*$/i.exec(line);
    return match?.[1] === undefined ? [] : [match[1]];
  });
}
