import { dirname, join } from 'node:path';

/** Who git says it is where nobody gave a signature: reflogs of the clone, never a commit. */
export interface GitIdentity {
  readonly name: string;
  readonly email: string;
}

/** What every git child is given; nothing of the bot's own environment gets through. */
export interface EnvironmentPlan {
  /** Folder of all clones; git never looks for a repository above it. */
  readonly root: string;
  /** An empty folder: no user's settings. */
  readonly home: string;
  readonly askpass: string;
  readonly identity: GitIdentity;
  /** Repositories on this machine's disk as remotes: for tests. */
  readonly allowFile: boolean;
}

/** The name under which the askpass program finds the token: only in children that talk to a remote. */
export const TOKEN_VARIABLE = 'STAGECOACH_GIT_TOKEN';

const CONFIG: readonly (readonly [string, string])[] = [
  // Nothing of the repository's or the machine's settings runs a program.
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  ['credential.helper', ''],
  ['credential.username', 'x-access-token'], // GitHub takes any user name beside a token; saves one prompt
  ['core.symlinks', 'false'],
  ['core.protectHFS', 'true'],
  ['core.protectNTFS', 'true'],
  ['core.fsync', 'all'], // 3 ms a command; a power cut must not empty the newest objects
  ['core.logAllRefUpdates', 'always'],
  ['core.quotePath', 'false'],
  // What comes in is checked, and comes in only by the way asked for.
  ['transfer.fsckObjects', 'true'],
  ['fetch.fsckObjects', 'true'],
  ['transfer.credentialsInUrl', 'die'],
  ['transfer.bundleURI', 'false'],
  ['fetch.writeCommitGraph', 'false'],
  ['http.followRedirects', 'false'],
  ['http.sslVerify', 'true'],
  ['protocol.version', '2'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['push.followTags', 'false'],
  ['push.default', 'nothing'],
  ['push.gpgSign', 'false'],
  ['commit.gpgSign', 'false'],
  ['tag.gpgSign', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['rerere.enabled', 'false'],
  ['safe.bareRepository', 'explicit'],
  ['user.useConfigOnly', 'true'],
  ['pack.threads', '2'],
  ['pack.windowMemory', '256m'],
  // The same merge on every machine.
  ['merge.conflictStyle', 'diff3'],
  ['merge.renames', 'true'],
  ['merge.directoryRenames', 'conflict'],
  ['merge.renameLimit', '10000'],
  ['diff.renameLimit', '10000'],
  ['merge.renormalize', 'false'],
];

/** Harmless slips of old history that must not keep a repository out; what can hurt a reader stays an error. */
const TOLERATED = [
  'zeroPaddedFilemode',
  'zeroPaddedDate',
  'badTimezone',
  'badDate',
  'badDateOverflow',
  'badEmail',
  'badName',
  'missingEmail',
  'missingNameBeforeEmail',
  'missingSpaceBeforeDate',
  'missingSpaceBeforeEmail',
] as const;

/**
 * The whole environment of a git child (reliability.md 5.5). Settings travel by GIT_CONFIG_COUNT:
 * argv can be read by everybody on the machine, and a repository's own config is overruled.
 */
export function gitEnvironment(plan: EnvironmentPlan): Record<string, string> {
  const tolerated = TOLERATED.map((id) => [`fetch.fsck.${id}`, 'warn'] as const);
  return {
    ...isolation(plan),
    ...identity(plan.identity),
    ...config([...CONFIG, ...tolerated]),
  };
}

function isolation(plan: EnvironmentPlan): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin',
    HOME: plan.home,
    XDG_CONFIG_HOME: join(plan.home, '.config'),
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: plan.askpass,
    SSH_ASKPASS: '/bin/false',
    GIT_SSH_COMMAND: '/bin/false',
    GIT_ALLOW_PROTOCOL: plan.allowFile ? 'http:https:file' : 'http:https',
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_PAGER: 'cat',
    GIT_EDITOR: '/bin/false',
    GIT_HTTP_LOW_SPEED_LIMIT: '1000',
    GIT_HTTP_LOW_SPEED_TIME: '30',
    GIT_CEILING_DIRECTORIES: dirname(plan.root),
  };
}

function identity(who: GitIdentity): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: who.name,
    GIT_AUTHOR_EMAIL: who.email,
    GIT_COMMITTER_NAME: who.name,
    GIT_COMMITTER_EMAIL: who.email,
  };
}

function config(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const entries = pairs.flatMap(([key, value], n) => [
    [`GIT_CONFIG_KEY_${n}`, key] as const,
    [`GIT_CONFIG_VALUE_${n}`, value] as const,
  ]);
  return { GIT_CONFIG_COUNT: String(pairs.length), ...Object.fromEntries(entries) };
}
