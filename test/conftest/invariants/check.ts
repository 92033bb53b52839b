import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { type Facts, readRows } from './facts.ts';
import { readGitHub } from './github.ts';
import { Objects } from './objects.ts';
import * as people from './people.ts';
import * as ports from './ports.ts';
import * as queues from './queues.ts';
import * as targets from './targets.ts';

type Judge = (facts: Facts) => readonly string[] | Promise<readonly string[]>;

/**
 * The invariants (reliability.md, section 2) that show in what is left at the end. The others are about what happens on the
 * way and have experiments of their own; docs/reliability.md says where.
 */
export const JUDGES: Readonly<Record<string, readonly Judge[]>> = {
  'I-01': [targets.strayMoves],
  'I-02': [targets.backwardMoves],
  'I-03': [targets.strangeCommits],
  'I-04': [targets.ungreenLandings],
  'I-05': [targets.strangePaths],
  'I-06': [targets.otherTrees],
  'I-07': [targets.halfLandings],
  'I-08': [targets.doubleStagings],
  'I-09': [targets.risenStagings],
  'I-10': [targets.strangeBases],
  'I-11': [targets.falseMerges],
  'I-12': [people.unapprovedHeads],
  'I-13': [people.staleApprovals],
  'I-17': [people.ownCommands],
  'I-20': [queues.lostDeliveries],
  'I-24': [people.unplannedActs],
  'I-26': [queues.forgottenRows],
  'I-28': [queues.endlessTries],
  'I-29': [queues.unansweredWakes],
  'I-32': [people.doubledWords],
  'I-33': [people.floods],
  'I-35': [ports.portHoles, ports.strangePorts],
  'I-36': [ports.overwrittenPeople],
  'I-39': [queues.disobedientCrons],
  'I-40': [queues.heldCrons],
};

/** A story to judge, at rest. */
export interface Judged {
  readonly bot: { readonly world: { readonly db: DataSource } };
  /** Address of the simulator. */
  readonly sim: string;
  /** What the story keeps on disk. */
  readonly folder: string;
  readonly repositories: readonly { readonly fullName: string }[];
}

/** Login of the account that the bots of all stories have. */
const BOT = 'stagecoach';

/** Every broken invariant, as `I-07 what is wrong`. Empty: all hold. */
export async function brokenInvariants({
  bot,
  sim,
  folder,
  repositories,
}: Judged): Promise<string[]> {
  const { db } = bot.world;
  const names = repositories.map((one) => one.fullName);
  const [rows, github] = await Promise.all([readRows(db), readGitHub(sim, names)]);
  const facts: Facts = { db, rows, github, objects: new Objects(githubFolder(folder)), bot: BOT };
  const found = await Promise.all(
    Object.entries(JUDGES).map(async ([id, judges]) => {
      const lists = await Promise.all(judges.map(async (judge) => judge(facts)));
      return lists.flat().map((text) => `${id} ${text}`);
    }),
  );
  return found.flat();
}

/** Where a story's simulator keeps its data. */
export function githubFolder(storyFolder: string): string {
  return join(storyFolder, 'github');
}
