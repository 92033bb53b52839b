import type { EntityManager } from 'typeorm';
import type { Person } from '../models/person.ts';
import type { Project } from '../models/project.ts';
import type { PullRequest } from '../models/pull-request.ts';
import type { Repository } from '../models/repository.ts';

/** A comment or review that speaks to the bot. */
export interface SpokenText {
  readonly kind: 'comment' | 'review';
  readonly id: string;
  readonly body: string;
  readonly author: { readonly id: string; readonly login: string };
  /** GitHub's time. */
  readonly at: Date;
  /** The head a review was written for; a comment does not say. */
  readonly head: string | null;
  /** Of a review, where the project lets verdicts count; of everything else `none`. */
  readonly verdict: 'approves' | 'objects' | 'none';
}

/** What every command is given: where it was said, by whom. */
export interface CommandContext {
  readonly tx: EntityManager;
  readonly now: Date;
  readonly project: Project;
  readonly repository: Repository;
  /** As it was before the first command of the comment; re-read what an earlier one may have changed. */
  readonly pull: PullRequest;
  readonly actor: Person;
  readonly text: SpokenText;
}

/** What came of one command. Nothing: it simply worked. A rejection undoes the whole comment. */
export interface Answer {
  readonly text?: string;
  readonly rejection?: string;
}

/** `comment/123`: unique per thing said, the root of the keys of all answers to it. */
export function textKey(text: SpokenText): string {
  return `${text.kind}/${text.id}`;
}

/** Who is answered, and by which name. */
export function address({ actor, project }: Pick<CommandContext, 'actor' | 'project'>): {
  ping: string[];
  bot: string;
} {
  return { ping: [actor.login], bot: project.bot };
}

/** What somebody approves is signed off with his e-mail address, where the project asks for one. */
export function canSignOff({ actor, project }: Pick<CommandContext, 'actor' | 'project'>): boolean {
  return actor.email !== null || project.settings.approverEmail === 'noreply';
}
