import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { Batch } from './batch.ts';
import { Person } from './person.ts';
import { PullRequest } from './pull-request.ts';
import { QueueRow } from './queue-row.ts';
import { Repository } from './repository.ts';

/** A webhook as it came: the bytes the signature was made for. */
@Entity('delivery')
@Index(['id'], { where: 'done_at is null and dead_at is null' })
export class Delivery extends QueueRow {
  @Column('text', { unique: true }) guid: string;
  @Column('text') event: string;
  @Column('bytea') body: Buffer;
  /** Handled at; kept a while so that a repeated delivery is recognised. */
  @Column('timestamptz', { nullable: true }) doneAt: Date | null;
  /** What came of it, one clause for operators. */
  @Column('text', { nullable: true }) outcome: string | null;
  /** `repository id#number` of what was said there and has to wait: later words wait behind it. */
  @Index({ where: 'done_at is null and line is not null' })
  @Column('text', { nullable: true })
  line: string | null;
}

/** CI has spoken about a commit: pull requests and stagings on it must be looked at. */
@Entity('status_job')
export class StatusJob extends QueueRow {
  @ForeignKey(() => Repository)
  @Column('integer')
  repositoryId: number;
  @Column('text') sha: string;
}

/** A pull request to read from GitHub: unknown, or doubted. */
@Entity('fetch_job')
export class FetchJob extends QueueRow {
  @ForeignKey(() => Repository)
  @Column('integer')
  repositoryId: number;
  @Column('integer') number: number;
  /** Who gets the answer, when somebody asked (`check`, a command on an unknown pull request). */
  @Column('text', { nullable: true }) asker: string | null;
  /** Not the pull request is to be read, but what this person may do in the repository; or who that is, if not known. */
  @ForeignKey(() => Person)
  @Column('integer', { nullable: true })
  personId: number | null;
}

/** Something to do at GitHub for one pull request, in order per pull request. */
@Entity('feedback')
@Index(['repositoryId', 'number'])
@Index(['id'], { where: 'done_at is null and dead_at is null' })
export class Feedback extends QueueRow {
  @ForeignKey(() => Repository)
  @Column('integer')
  repositoryId: number;
  @Column('integer') number: number;
  @Column('text') kind: 'comment' | 'close' | 'react' | 'deploy' | 'retarget';
  /** Unique per logical message: the hidden marker, and the guard against saying it twice (reliability P2). */
  @Column('text', { unique: true }) key: string;
  /** `main`: the project's account; `forwardport`: the second one, where there is one. */
  @Column('text', { default: 'main' }) account: 'main' | 'forwardport';
  /** Markdown of a comment; reaction and comment id, landed sha, or base of the other kinds. */
  @Column('jsonb') payload: FeedbackPayload;
  /** When the request was last sent: what came after may be ours. */
  @Column('timestamptz', { nullable: true }) sentAt: Date | null;
  /** Done at: the row stays as the record that its key was used. */
  @Column('timestamptz', { nullable: true }) doneAt: Date | null;
}

/** What a feedback row carries, by kind. */
export interface FeedbackPayload {
  readonly text?: string;
  readonly commentId?: string;
  readonly reaction?: 'eyes' | '+1' | 'confused';
  readonly sha?: string;
  readonly head?: string;
  readonly base?: string;
}

/** Labels to put on and to take off. */
@Entity('label_change')
export class LabelChange extends QueueRow {
  @ForeignKey(() => Repository)
  @Column('integer')
  repositoryId: number;
  @Column('integer') number: number;
  @Column('jsonb', { default: [] }) add: string[];
  @Column('jsonb', { default: [] }) remove: string[];
}

/** An issue to close because what fixes it has landed. */
@Entity('issue_job')
export class IssueJob extends QueueRow {
  @ForeignKey(() => Repository)
  @Column('integer')
  repositoryId: number;
  @Column('integer') number: number;
}

/** A batch to check against the branch heads before it is staged. */
@Entity('validate_job')
export class ValidateJob extends QueueRow {
  @ForeignKey(() => Batch)
  @Column('integer')
  batchId: number;
}

/** A batch to take to its next branch. */
@Entity('forwardport_job')
export class ForwardportJob extends QueueRow {
  @Index()
  @ForeignKey(() => Batch)
  @Column('integer')
  batchId: number;
  @Column('text') kind: 'merge' | 'followup' | 'insert' | 'complete';
  /** The pull request that joined late (`complete`). */
  @ForeignKey(() => PullRequest)
  @Column('integer', { nullable: true })
  pullRequestId: number | null;
}

/** A pull request in a chain whose head changed: its children must follow. */
@Entity('forwardport_update')
export class ForwardportUpdate extends QueueRow {
  @ForeignKey(() => PullRequest)
  @Column('integer')
  pullRequestId: number;
  /** The head that must travel. */
  @Column('text') head: string;
}

/** A head branch to delete some time after merge or close. */
@Entity('branch_removal')
export class BranchRemoval extends QueueRow {
  @ForeignKey(() => PullRequest)
  @Column('integer')
  pullRequestId: number;
}
