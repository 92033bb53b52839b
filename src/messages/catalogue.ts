import { COMMAND_MESSAGES } from './catalogue-commands.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import { FORWARDPORT_MESSAGES } from './catalogue-forwardport.ts';
import { PULL_REQUEST_MESSAGES } from './catalogue-pull-request.ts';
import { STAGING_MESSAGES } from './catalogue-staging.ts';

/** Everything the bot can say, by chapter, for docs/MESSAGES.md and the tests. */
export const CATALOGUE: readonly {
  readonly title: string;
  readonly entries: readonly CatalogueEntry[];
}[] = [
  { title: 'Pull requests', entries: PULL_REQUEST_MESSAGES },
  { title: 'Commands', entries: COMMAND_MESSAGES },
  { title: 'Stagings', entries: STAGING_MESSAGES },
  { title: 'Ports', entries: FORWARDPORT_MESSAGES },
];
