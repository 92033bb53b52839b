import { CATALOGUE } from '../src/messages/catalogue.ts';
import type { CatalogueEntry } from '../src/messages/catalogue-entry.ts';

const INTRODUCTION = `# Messages

Generated from \`src/messages\` by \`npm run docs\`: every sentence the bot can say, from invented facts. A
success that needs no words is a reaction; a landing closes the pull request without a comment.
`;

/** Renders docs/MESSAGES.md: every message with when it is said, who is pinged, and a sample. */
export function renderMessages(): string {
  const chapters = CATALOGUE.map(
    ({ title, entries }) => `## ${title}\n\n${entries.map(renderEntry).join('\n')}`,
  );
  return `${INTRODUCTION}\n${chapters.join('\n')}`;
}

function renderEntry({ key, when, pings, sample }: CatalogueEntry): string {
  const ticks = '`'.repeat(
    Math.max(3, ...[...sample.matchAll(/`+/g)].map((run) => run[0].length + 1)),
  );
  return `### ${key}\n\nWhen: ${when}. Pings: ${pings}.\n\n${ticks}markdown\n${sample}\n${ticks}\n`;
}
