/** The rooms, enforced: one rule a row. "May import" is the whole list; everything else is an error. */

/** The words queued for GitHub: the one door of `feedback` that others use. */
const say = 'feedback/say\\.ts$';
/** What an action may touch: a type, no code. */
const world = 'world\\.ts$';

/** room → [what it may import, why not more]. A room may always import itself. */
const ROOMS = {
  rules: [[], 'The law is pure: facts in, decisions out. No clock, no I/O, no TypeORM.'],
  messages: [['rules/'], 'A message gets strings and numbers, and gives a string.'],
  lib: [[], 'Everybody stands on lib, so lib stands on nobody.'],
  models: [['rules/', 'lib/'], 'The records remember. They neither decide nor do.'],
  git: [['lib/'], 'Plumbing knows shas, never pull requests.'],
  github: [['lib/'], 'The gateway knows GitHub, never our entities.'],
  triggers: [['lib/'], 'The bells know the names of tables and crons only; tests check the names.'],
  ledger: [
    ['rules/', 'messages/', 'models/', say, 'lib/'],
    'Applies the rules to rows. It never calls GitHub or git.',
  ],
  events: [
    [
      ...['rules/', 'messages/', 'models/', 'ledger/', 'commands/', say],
      ...['github/webhook-events\\.ts$', 'lib/'],
    ],
    'A handler turns a payload into rows, and nothing else.',
  ],
  commands: [
    [
      ...['rules/', 'messages/', 'models/', 'ledger/', say, 'lib/'],
      'forwardport/(?:limit|policy)\\.ts$', // the two that only write rows
    ],
    'What people say becomes rows. Doing it is for the crons.',
  ],
  feedback: [
    ['messages/', 'models/', 'github/', 'lib/', world],
    'The mouth repeats what was queued. It knows nothing of stagings and ports.',
  ],
  fetch: [
    ['rules/', 'messages/', 'models/', 'github/', 'ledger/', say, 'lib/', world],
    'Reads what the bot missed. What follows from it is for the ledger to say.',
  ],
  staging: [
    ['rules/', 'messages/', 'models/', 'git/', 'github/', 'ledger/', say, 'lib/', world],
    'Staging and porting meet only through rows: a port can fail without stopping a merge.',
  ],
  forwardport: [
    ['rules/', 'messages/', 'models/', 'git/', 'github/', 'ledger/', say, 'lib/', world],
    'Staging and porting meet only through rows: a port can fail without stopping a merge.',
  ],
  crons: [
    [
      ...['rules/', 'messages/', 'models/', 'git/', 'github/', 'triggers/', 'ledger/', 'events/'],
      ...['feedback/', 'fetch/', 'staging/', 'forwardport/', 'lib/', world],
    ],
    'The clockwork calls actions. Nobody in it serves pages.',
  ],
  setup: [
    ['rules/', 'models/', 'triggers/', 'lib/'],
    'Prepares the database: schema, bells, configuration as rows. Their triggers do the rest.',
  ],
  web: [
    ['rules/', 'models/', 'triggers/', 'github/signature\\.ts$', 'lib/'],
    'A button writes a row; the trigger does the rest. No git, no crons, no staging in a request.',
  ],
  cli: [
    ['rules/', 'models/', 'triggers/names\\.ts$', 'setup/', 'lib/'],
    'The command line asks the server, or the database where that is enough.',
  ],
  demo: [['lib/', 'cli/'], 'The demo drives the product from outside, as anybody would.'],
};

function escape(text) {
  return text.replaceAll('.', '\\.');
}

const rooms = Object.entries(ROOMS).map(([room, [allowed, comment]]) => ({
  name: `room-${room}`,
  comment,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    path: '^(src|sim|test|tools|bench|bin)/|^ormconfig\\.ts$',
    pathNot: `^src/(${[`${room}/`, ...allowed].join('|')})`,
  },
}));

/** Rows about packages: who alone may use what. */
const packages = [
  ['execa', '^src/git/run\\.ts$', 'One place spawns git: one environment, one timeout, one error.'],
  [
    '@octokit',
    '^src/github/client\\.ts$',
    'One gateway: one throttle, one retry, one place for tokens.',
  ],
  ['fastify', '^src/web/', 'Pages and receivers live in web.'],
  [
    'typeorm',
    '^src/(?!rules/|messages/|git/|github/|lib/)',
    'Rules, words and plumbing know no rows.',
  ],
  [
    'node-schedule',
    '^src/(crons/schedule|lib/config/fields)\\.ts$',
    'It only ever writes wakes (R7).',
  ],
].map(([name, who, comment]) => ({
  name: `only-some-import-${name.replace('@', '')}`,
  comment,
  severity: 'error',
  from: { path: '^src/', pathNot: who },
  to: { path: `^node_modules/(@types/)?${escape(name)}(/|$)` },
}));

module.exports = {
  forbidden: [
    ...rooms,
    ...packages,
    {
      name: 'rules-and-messages-are-pure',
      comment: 'Nothing from npm or node: what they say follows from their arguments alone.',
      severity: 'error',
      from: { path: '^src/(rules|messages)/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-no-pkg'] },
    },
    {
      name: 'nobody-imports-main',
      comment: 'main.ts builds the world and knows everybody; nobody knows it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main\\.ts$' },
      to: { path: '^src/main\\.ts$' },
    },
    {
      name: 'simulator-knows-not-the-bot',
      comment: 'A belief about GitHub must not be wrong twice in the same way.',
      severity: 'error',
      from: { path: '^sim/' },
      to: { path: '^(src|test|tools|bench)/' },
    },
    {
      name: 'bot-knows-not-the-simulator',
      comment: 'It talks to it over HTTP and git, as to GitHub. The demo starts it as a process.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(sim|test|tools|bench)/' },
    },
    {
      name: 'tests-start-watched-simulators',
      comment: 'Each answer a test sees is held against what GitHub publishes; none may escape.',
      severity: 'error',
      from: { path: '^test/', pathNot: '^test/conftest/simulator\\.ts$' },
      to: { path: '^sim/(simulator|sim)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      comment: 'Only entities may point at each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { pathNot: '^src/models/' } },
    },
    {
      name: 'no-unlisted-package',
      comment: 'What is imported is in package.json, and not only by another package’s grace.',
      severity: 'error',
      from: { path: '^(src|sim)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
    {
      name: 'no-missing-file',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true, // imports of types count
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
