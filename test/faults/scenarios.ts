import type { Scenario } from '../conftest/faults/play.ts';
import type { Ci } from '../conftest/faults/ci.ts';
import type { Story } from '../conftest/story.ts';
import type { TestPull } from '../conftest/pull.ts';

const testPulls = ({ ci }: { ci: Ci }) => ci.testPulls();
const testStagings = ({ ci }: { ci: Ci }) => ci.testStagings();

/** Approves what is open and stands last in its chain. */
async function approve(story: Story, target: string, words = 'r+'): Promise<void> {
  for (const port of await story.repository().ports())
    if ((await port.target()) === target) await port.comment(words);
}

async function port(story: Story, target: string): Promise<TestPull> {
  for (const one of await story.repository().ports())
    if ((await one.target()) === target) return one;
  throw new Error(`no open port on ${target}`);
}

function theOnly(story: Story): TestPull {
  const [pull] = story.repository().pulls;
  if (!pull) throw new Error('nobody has proposed anything');
  return pull;
}

/** Linked pull requests of two repositories, tested together and landed. */
export const twoRepositories: Scenario = {
  name: 'two repositories merge',
  shape: { repositories: ['app', 'web'], branches: ['18.0', 'master'] },
  acts: {
    propose: async ({ mortal: { story } }) => {
      for (const repository of story.repositories) {
        const adds = { both: 'x\n' };
        const pull = await repository.pullRequest({ name: 'both', title: 'Both', adds });
        await pull.passes();
        await pull.comment('r+');
      }
    },
    test: testStagings,
  },
};

/** Three pull requests, one of which is red: it is found by halves. */
export const culprit: Scenario = {
  name: 'split finds the culprit',
  shape: { branches: ['18.0', 'master'] },
  // a half that was lost with its clone before it was pushed is built again after the other half: another one is tested last
  varies: /^branch .*\/staging\./,
  acts: {
    propose: async ({ mortal: { story } }) => {
      for (const name of ['one', 'bad', 'two']) {
        const adds = { [name]: 'x\n' };
        const pull = await story.repository().pullRequest({ name, title: name, adds });
        await pull.passes();
        await pull.comment('r+');
      }
    },
    test: testStagings,
    'test a half': testStagings,
    'test a quarter': testStagings,
    'test another quarter': testStagings,
    'test the rest': testStagings,
  },
};

/** A change on the oldest branch, landed. */
const landed = (adds: Record<string, string>): Scenario['acts'] => ({
  propose: async ({ mortal: { story } }) => {
    const plan = { onto: '17.0', name: 'door', title: 'A door', adds };
    const pull = await story.repository().pullRequest(plan);
    await pull.passes();
    await pull.comment('r+');
  },
  land: testStagings,
});

/** A port that somebody has to solve. */
export const conflict: Scenario = {
  name: 'port with conflict',
  shape: {},
  acts: {
    'change the next branches': async ({ mortal: { story } }) => {
      for (const branch of ['18.0', 'master'])
        await story.repository().commit(branch, { door: 'glass\n' });
    },
    ...landed({ door: 'oak\n' }),
    solve: async ({ mortal: { story } }) => {
      const stuck = await port(story, '18.0');
      const files = { door: 'oak and glass\n' };
      await stuck.push([{ message: 'Solve it', files }], 'stagecoach');
    },
    'test the solution': testPulls,
    approve: ({ mortal: { story } }) => approve(story, '18.0', 'squash r+'),
    'land the port': testStagings,
    'test the last port': testPulls,
    'approve the last port': ({ mortal: { story } }) => approve(story, 'master'),
    'land the last port': testStagings,
  },
};

/** A chain over three branches whose middle somebody changes. */
export const update: Scenario = {
  name: 'chain of three updated in the middle',
  shape: {},
  acts: {
    ...landed({ door: 'oak\n' }),
    'test the first port': testPulls,
    update: async ({ mortal: { story } }) => {
      const files = { door: 'steel\n' };
      const middle = await port(story, '18.0');
      await middle.push([{ message: 'Use steel', files }], 'stagecoach');
    },
    'test both ports': testPulls,
    approve: ({ mortal: { story } }) => approve(story, '18.0', 'squash r+'),
    'approve the last': ({ mortal: { story } }) => approve(story, 'master', 'squash r+'),
    'land both': testStagings,
  },
};

/** A branch comes between two branches of a chain. */
export const inserted: Scenario = {
  name: 'branch inserted',
  shape: {},
  acts: {
    ...landed({ door: 'oak\n' }),
    'test the first port': testPulls,
    insert: async ({ mortal }) => {
      const app = mortal.story.repository();
      const sha = await app.head('18.0');
      await mortal.story.as('root').post(`${app.path}/git/refs`, { ref: 'refs/heads/18.5', sha });
      await mortal.reconfigure((config) => ({
        ...config,
        projects: config.projects.map((one) => ({
          ...one,
          branches: ['17.0', '18.0', '18.5', 'master'],
        })),
      }));
    },
    'test the new port': testPulls,
    approve: ({ mortal: { story } }) => approve(story, 'master'),
    'land all': testStagings,
    'land what follows': testStagings,
  },
};

/**
 * Words that wait until GitHub was asked whom they name (R32), a right given for one pull request, and what follows a landing
 * beside its ports: a label, an issue that is closed, a head branch that goes.
 */
export const spoken: Scenario = {
  name: 'words that name somebody, and a fixed issue',
  shape: {
    branches: ['18.0', 'master'],
    people: [
      { login: 'rita', email: 'rita@acme.test', review: ['acme/app'], overrides: ['ci/test'] },
      { login: 'bob', email: 'bob@acme.test' },
    ],
    forwardport: { branch_removal_after: '1h' },
  },
  acts: {
    propose: async ({ mortal: { story } }) => {
      const app = story.repository();
      await story.as('alice').post(`${app.path}/issues`, { title: 'It squeaks' });
      const body = 'Oil it.\n\nFixes #1';
      const pull = await app.pullRequest({ name: 'oil', title: 'Oil', body, adds: { oil: 'x\n' } });
      await pull.comment('delegate=bob,eve override=ci/test');
    },
    'name nobody': ({ mortal: { story } }) => theOnly(story).comment('delegate=nobody-at-all'),
    'think again': ({ mortal: { story } }) => theOnly(story).comment('r+ priority', 'bob'),
    'and again': ({ mortal: { story } }) => theOnly(story).comment('r-', 'bob'),
    approve: ({ mortal: { story } }) => theOnly(story).comment('r+', 'bob'),
    land: testStagings,
  },
};

/** The stories that `npm test` tells under a sample of what can go wrong. */
export const SAMPLED: readonly Scenario[] = [twoRepositories, culprit, conflict, update, inserted];
