/** What each git child must be given, by reliability 5.5; written down anew here, so that a change there is seen. */
export const ENVIRONMENT: Readonly<Record<string, RegExp>> = {
  PATH: /^(?:\/[\w/]+:)*\/bin$/,
  HOME: /\/clones\/home$/,
  XDG_CONFIG_HOME: /\/clones\/home\/\.config$/,
  LC_ALL: /^C\.UTF-8$/,
  TZ: /^UTC$/,
  GIT_CONFIG_NOSYSTEM: /^1$/,
  GIT_CONFIG_GLOBAL: /^\/dev\/null$/,
  GIT_ATTR_NOSYSTEM: /^1$/,
  GIT_TERMINAL_PROMPT: /^0$/,
  GIT_ASKPASS: /\/clones\/askpass$/,
  SSH_ASKPASS: /^\/bin\/false$/,
  GIT_SSH_COMMAND: /^\/bin\/false$/,
  GIT_ALLOW_PROTOCOL: /^http:https$/,
  GIT_PROTOCOL_FROM_USER: /^0$/,
  GIT_NO_REPLACE_OBJECTS: /^1$/,
  GIT_NO_LAZY_FETCH: /^1$/,
  GIT_LITERAL_PATHSPECS: /^[01]$/, // 0 for the one command that looks for attributes by a pattern of ours
  GIT_OPTIONAL_LOCKS: /^0$/,
  GIT_PAGER: /^cat$/,
  GIT_EDITOR: /^\/bin\/false$/,
  GIT_HTTP_LOW_SPEED_LIMIT: /^\d+$/,
  GIT_HTTP_LOW_SPEED_TIME: /^\d+$/,
  GIT_CEILING_DIRECTORIES: /^\/./,
  GIT_AUTHOR_NAME: /./,
  GIT_AUTHOR_EMAIL: /@/,
  GIT_COMMITTER_NAME: /./,
  GIT_COMMITTER_EMAIL: /@/,
};

/** What some are given beside: settings by name and value, a token, places of scratch files, a date. */
export const ALSO =
  /^(?:GIT_CONFIG_(?:COUNT|KEY_\d+|VALUE_\d+)|STAGECOACH_GIT_TOKEN|GIT_(?:AUTHOR|COMMITTER)_DATE|GIT_INDEX_FILE|GIT_COMMON_DIR)$/;

/** Settings that overrule whatever a clone's own configuration says. */
export const CONFIGURATION: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.attributesFile': '/dev/null',
  'core.excludesFile': '/dev/null',
  'core.symlinks': 'false',
  'core.protectHFS': 'true',
  'core.protectNTFS': 'true',
  'core.fsync': 'all',
  'core.logAllRefUpdates': 'always',
  'credential.helper': '',
  'transfer.fsckObjects': 'true',
  'fetch.fsckObjects': 'true',
  'transfer.credentialsInUrl': 'die',
  'transfer.bundleURI': 'false',
  'http.followRedirects': 'false',
  'http.sslVerify': 'true',
  'submodule.recurse': 'false',
  'fetch.recurseSubmodules': 'false',
  'push.recurseSubmodules': 'no',
  'push.followTags': 'false',
  'push.default': 'nothing',
  'push.gpgSign': 'false',
  'commit.gpgSign': 'false',
  'tag.gpgSign': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'rerere.enabled': 'false',
  'safe.bareRepository': 'explicit',
  'user.useConfigOnly': 'true',
  'pack.threads': '2',
  'pack.windowMemory': '256m',
  'merge.renameLimit': '10000',
  'diff.renameLimit': '10000',
  'merge.directoryRenames': 'conflict',
};

/** Commands that neither check anything out nor run what a repository brings. Any other needs a thought, and a line here. */
const COMMANDS =
  /^(?:init|ls-remote|fetch|push|cat-file|rev-list|rev-parse|diff-tree|ls-tree|merge-base|merge-tree|commit-tree|hash-object|mktree|update-ref|read-tree|write-tree|update-index|for-each-ref|pack-refs|repack|gc|prune|fsck|show-ref|count-objects|merge-file|config|unpack-objects|index-pack|ls-files)$/;

/** What is wrong with how a command was put together; empty: nothing. */
export function judgeArguments(argv: readonly string[]): string[] {
  if (argv.join() === '--version') return [];
  const words = argv.filter((word) => !word.startsWith('--git-dir='));
  const [command = ''] = words;
  const wrong: string[] = [];
  if (!COMMANDS.test(command)) wrong.push('a command nobody has thought about');
  if (command !== 'init' && !argv.some((word) => word.startsWith('--git-dir=/')))
    wrong.push('no --git-dir: git would look for a repository');
  if (words.includes('-c')) wrong.push('a setting that everybody can read');
  if (words.some((word) => /:\/\/[^/]*@/.test(word))) wrong.push('credentials in an address');
  if (/^(?:fetch|push|ls-remote)$/.test(command)) wrong.push(...judgeRemote(words));
  return wrong.map((one) => `${one}: ${argv.join(' ')}`);
}

function judgeRemote(words: readonly string[]): string[] {
  const end = words.indexOf('--end-of-options');
  const [address = '', ...refs] = words.slice(end + 1);
  const wrong: string[] = [];
  if (end < 0) wrong.push('names may be taken for options');
  if (!/^https?:\/\//.test(address)) wrong.push('no address where one belongs');
  for (const ref of refs)
    if (!/^(?:(?:\+?[0-9a-f]{40})?:)?refs\/(?:heads\/|pull\/\d+\/head)[^*]*$/.test(ref))
      wrong.push(`no full ref: ${ref}`);
  if (words.some((word) => /^(?:-f|--force|--mirror|--all|--tags|--delete)$/.test(word)))
    wrong.push('more than what is named');
  return wrong;
}
