import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', 'docs/', 'site/', '.venv/', '.cache/', 'test/types/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // What is named beside a rest is what is left out of it.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  {
    // The library never prints: what it has to say is a return value, an Issue or an error.
    files: ['sdk/**/*.ts'],
    ignores: ['sdk/cli/**', 'sdk/notebook/**'],
    rules: { 'no-console': 'error' },
  },
  {
    // mocha's describe/it return values are not for awaiting.
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }] },
  },
  {
    // What does not run has to be said at the end, with the remedy.
    files: ['test/**/*.ts'],
    ignores: ['test/support/skipping.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[property.name='skip']",
          message: 'skip by skipWithout (test/support/skipping.ts), which notes the reason',
        },
      ],
    },
  },
);
