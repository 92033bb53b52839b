import { AccessRight } from './access-right.ts';
import { ApiToken } from './api-token.ts';
import { Audit } from './audit.ts';
import { Batch } from './batch.ts';
import { Branch } from './branch.ts';
import { CommandLog } from './command-log.ts';
import { CommandRule } from './command-rule.ts';
import { CommitStatus } from './commit-status.ts';
import { CronRow, CronTrigger } from './cron.ts';
import { Delegation } from './delegation.ts';
import { GitHubPermission } from './github-permission.ts';
import { LandingStep } from './landing-step.ts';
import { Person } from './person.ts';
import { Port } from './port.ts';
import { PortReminder } from './port-reminder.ts';
import { Project } from './project.ts';
import { PullRequest } from './pull-request.ts';
import {
  BranchRemoval,
  Delivery,
  Feedback,
  FetchJob,
  ForwardportJob,
  ForwardportUpdate,
  IssueJob,
  LabelChange,
  StatusJob,
  ValidateJob,
} from './queues.ts';
import { RedSet } from './red-set.ts';
import { Repository } from './repository.ts';
import { RequiredStatusRow } from './required-status.ts';
import { Split } from './split.ts';
import { Staging, StagingBatch, StagingHead, StagingPull } from './staging.ts';
import { WebSession } from './web-session.ts';

/** Every record, by import: a glob would not survive a build. */
export const ENTITIES = [
  Project,
  Repository,
  RequiredStatusRow,
  Branch,
  Person,
  AccessRight,
  Batch,
  PullRequest,
  Delegation,
  Staging,
  StagingBatch,
  StagingPull,
  StagingHead,
  LandingStep,
  Split,
  RedSet,
  CommitStatus,
  Port,
  PortReminder,
  Delivery,
  StatusJob,
  FetchJob,
  Feedback,
  LabelChange,
  IssueJob,
  ValidateJob,
  ForwardportJob,
  ForwardportUpdate,
  BranchRemoval,
  CommandLog,
  CommandRule,
  GitHubPermission,
  CronRow,
  CronTrigger,
  Audit,
  ApiToken,
  WebSession,
];
