// Lint for meaning only: prettier owns the layout, `test/unit/architecture.test.ts` the import rules
// and the determinism bans of sim/.
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/'] },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,

  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },

  // Rules that need types.
  {
    files: ['**/*.ts', '**/*.svelte'],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },

  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
    },
  },

  // Published constants are written with all the digits they were published with.
  { files: ['sim/core/**', 'test/**'], rules: { 'no-loss-of-precision': 'off' } },

  // A `style="…"` attribute is refused under a strict `style-src`. A `style:name={value}` directive
  // compiles to `element.style`, which every policy allows: use that for computed geometry.
  {
    files: ['src/**/*.svelte'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'SvelteAttribute[key.name="style"]',
          message:
            'Use a class, or a style:name directive: inline style attributes break under a strict CSP.',
        },
      ],
    },
  },

  // D3 computes, Svelte owns the DOM. A namespace import is refused by the same rule.
  {
    files: ['src/**/*.ts', 'src/**/*.svelte'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'd3',
              importNames: [
                ...['select', 'selectAll', 'selection', 'transition', 'drag', 'brush', 'brushX', 'zoom'],
                ...['axisTop', 'axisRight', 'axisBottom', 'axisLeft', 'timer', 'json', 'csv'],
                ...['randomUniform', 'randomNormal', 'randomExponential', 'shuffle'],
              ],
              message: 'Only scales, shapes, arrays and formats of D3 are used here; import them by name.',
            },
          ],
        },
      ],
    },
  },
);
