import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** House rules with a sentence each; docs/decisions and CONTRIBUTING.md say why. */
const env = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only src/lib/config.ts reads the environment (tools, bench, tests and bins aside).',
};
const clock = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Ask the Clock (src/lib/clock.ts): tests and deadlines need one time.',
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Ask the Clock (src/lib/clock.ts): tests and deadlines need one time.',
  },
];
const sql = {
  selector:
    "CallExpression[callee.property.name='query'] > TemplateLiteral.arguments:first-child[expressions.length>0]",
  message: 'No values in SQL text: pass parameters.',
};

export default tseslint.config(
  { ignores: ['node_modules/', 'coverage/', '.stagecoach/', '**/*.cjs'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['*.js', 'tools/*.mjs', 'bin/*.mjs', 'bench/*.mjs'],
          maximumDefaultProjectFileMatchCount_THIS_WILL_SLOW_DOWN_LINTING: 16, // small scripts, all of them
        },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unnecessary-condition': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'no-restricted-syntax': ['error', env, ...clock, sql],
    },
  },
  { files: ['src/lib/config.ts'], rules: { 'no-restricted-syntax': ['error', ...clock, sql] } },
  { files: ['src/lib/clock.ts'], rules: { 'no-restricted-syntax': ['error', env, sql] } },
  {
    files: ['sim/**', 'test/**', 'tools/**', 'bench/**', 'bin/**', '*.js'],
    rules: {
      'no-restricted-syntax': ['error', sql],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // GitHub's and the API's answers are looked at field by field; a wrong field fails the expectation
    files: ['test/integration/**', 'test/conftest/**', 'test/sim/**'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', fetch: 'readonly', URL: 'readonly' },
    },
  },
  {
    files: ['src/web/assets/*.js'], // run by browsers, known to no tsconfig
    languageOptions: {
      parserOptions: { projectService: false },
      globals: {
        ...{
          document: 'readonly',
          location: 'readonly',
          localStorage: 'readonly',
          CSS: 'readonly',
        },
        ...{ fetch: 'readonly', EventSource: 'readonly', DOMParser: 'readonly' },
        ...{ HTMLInputElement: 'readonly', setTimeout: 'readonly', setInterval: 'readonly' },
      },
    },
    rules: { 'no-restricted-syntax': 'off' },
  },
);
