import type { Sim } from '../sim.ts';
import { findRepository } from '../state/state.ts';
import type { Repository } from '../state/types.ts';

const REFERENCE =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:https?:\/\/[^\s/]+\/([\w.-]+)\/([\w.-]+)\/(?:issues|pull)\/|(?:([\w.-]+)\/([\w.-]+))?#)(\d+)\b/gi;

/** The issues a text names with one of GitHub's closing words, once each. */
export function closingReferences(
  sim: Sim,
  repository: Repository,
  text: string,
): { home: Repository; number: number }[] {
  const found = new Map<string, { home: Repository; number: number }>();
  for (const match of text.matchAll(REFERENCE)) {
    const owner = match[1] ?? match[3];
    const name = match[2] ?? match[4];
    const home =
      owner === undefined || name === undefined
        ? repository
        : findRepository(sim.state, owner, name)?.repository;
    const number = Number(match[5]);
    if (home?.issues.has(number)) found.set(`${home.id}#${number}`, { home, number });
  }
  return [...found.values()];
}
