// What is dear is told by `npm run test:faults` alone.
const dear = process.env.STAGECOACH_FAULTS === 'all' ? [] : ['<rootDir>/test/faults/all/'];

const shared = {
  testEnvironment: 'node',
  cacheDirectory: '<rootDir>/node_modules/.cache/jest', // not in the folder for temporary files, which may be memory
  extensionsToTreatAsEsm: ['.ts'],
  setupFiles: ['<rootDir>/test/conftest/suppressed-error.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: false,
            useDefineForClassFields: true,
          },
        },
        module: { type: 'es6' },
      },
    ],
  },
};

export default {
  testTimeout: 300_000, // for what hangs: how long a test takes says nothing, machines are slow at times
  testSequencer: '<rootDir>/tools/test-order.mjs',
  // What a file of tests loads is not let go of: without this a worker grew to 3 GB, and each git it started cost as many pages.
  workerIdleMemoryLimit: '500MB',
  maxWorkers: '100%', // half of a story's time is spent in git and PostgreSQL
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'] },
    {
      ...shared,
      displayName: 'sim',
      testMatch: ['<rootDir>/test/sim/**/*.test.ts'],
      globalSetup: '<rootDir>/test/conftest/referee.ts',
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/{integration,faults}/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...dear],
      globalSetup: '<rootDir>/test/conftest/global-setup.ts',
      globalTeardown: '<rootDir>/test/conftest/global-teardown.ts',
    },
  ],
};
