// One file for the three things Vite does here: the app (`vite build`), the command line
// (`vite build --mode cli`) and the tests (`vitest`).
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { chmodSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { build, type InlineConfig, type Plugin } from 'vite';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

// Floors that every supported browser and Node 20.19 meet; nothing is transpiled below them.
const BROWSER_TARGET = ['chrome111', 'firefox115', 'safari16.4'];

/**
 * D3's scales can also blend colours and write labels, which brings 9 kB of parsers and formats along. Here they map
 * numbers to numbers, and labels are written by src/view/time-words.ts: so they get the two interpolators of numbers,
 * as d3-interpolate writes them, and no formats.
 */
function scalesOfNumbers(): Plugin {
  const instead: Readonly<Record<string, string>> = {
    'd3-interpolate': INTERPOLATORS_OF_NUMBERS,
    'd3-format': NO_FORMATS,
  };
  return {
    name: 'scales-of-numbers',
    apply: 'build',
    enforce: 'pre',
    resolveId: (source, importer) =>
      source in instead && importer?.includes('/d3-scale/') === true ? `\0lean:${source}` : undefined,
    load: (id) => instead[id.replace('\0lean:', '')],
  };
}

/** What is loaded later has one style sheet, which is there already, and no modules to preload: `import()` is enough. */
function plainImports(): Plugin {
  return {
    name: 'plain-imports',
    apply: 'build',
    enforce: 'pre',
    load: (id) =>
      id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : undefined,
  };
}

/** seedrandom's Alea is a CommonJS file: as a module it needs none of the helpers that would stand in for `require`. */
function aleaAsModule(): Plugin {
  return {
    name: 'alea-as-module',
    apply: 'build',
    transform: (code, id) =>
      id.endsWith('/seedrandom/lib/alea.js')
        ? `const module = { exports: {} };\n${code}\nexport default module.exports;`
        : undefined,
  };
}

const INTERPOLATORS_OF_NUMBERS = `
export const interpolateNumber = (a, b) => (t) => a * (1 - t) + b * t;
export const interpolateRound = (a, b) => (t) => Math.round(a * (1 - t) + b * t);
export { interpolateNumber as interpolate };
export const piecewise = undefined; // of diverging scales, which nobody here uses
`;

const NO_FORMATS = `
export const format = () => { throw new Error('scale.tickFormat is left out of this build (vite.config.ts)'); };
export { format as formatPrefix, format as formatSpecifier };
export { format as precisionFixed, format as precisionPrefix, format as precisionRound };
`;

/**
 * The embed as one classic script beside the app's modules, and public/boot.js to choose between them. A module is
 * fetched with CORS, which a plain static host refuses to a frame of opaque origin (`<iframe sandbox="allow-scripts">`);
 * a classic script needs no header and runs from any host. For the same reason no tag says `crossorigin`.
 */
function embedScript(): Plugin {
  let outDir = '';
  return {
    name: 'embed-script',
    apply: 'build',
    enforce: 'post',
    configResolved: (config) => {
      outDir = config.build.outDir;
    },
    transformIndexHtml: (html) =>
      html
        .replace(
          /<script type="module" crossorigin src="([^"]+)">/,
          '<script defer src="./boot.js" data-app="$1" data-embed="./embed.js">',
        )
        .replace(/ crossorigin(?=[ >])/g, ''),
    writeBundle: async () => {
      await build(embedConfig(outDir));
    },
  };
}

function embedConfig(outDir: string): InlineConfig {
  return {
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ...SHARED,
    plugins: [svelte(), scalesOfNumbers()],
    build: {
      ...SHARED.build,
      outDir,
      emptyOutDir: false,
      rolldownOptions: {
        input: 'src/embed/main.ts',
        // Vite's helper for preloading chunks, of which there are none here.
        checks: { emptyImportMeta: false },
        output: {
          format: 'iife',
          codeSplitting: false,
          entryFileNames: 'embed.js',
          assetFileNames: 'embed[extname]',
        },
      },
    },
  };
}

const SHARED = {
  base: './',
  // The engine is one classic script: a worker, or imported by one from a blob, or run on the page (src/worker/start.ts).
  // Notes for a bundler are of no use to those who download it.
  worker: {
    format: 'iife',
    plugins: () => [aleaAsModule()],
    rolldownOptions: { output: { comments: { annotation: false } } },
  },
  build: {
    target: BROWSER_TARGET,
    modulePreload: false,
    cssCodeSplit: false,
  },
} satisfies InlineConfig;

/** Static files with relative addresses: `dist/app` works below any path and from any host. */
function appConfig(): ViteUserConfig {
  return {
    ...SHARED,
    plugins: [svelte(), scalesOfNumbers(), plainImports(), embedScript()],
    build: { ...SHARED.build, outDir: 'dist/app', emptyOutDir: true },
  };
}

const CLI_FILE = 'delivery-lab.js';

/** One executable file with every dependency inside, so that only Node is needed to run it. */
function cliConfig(): ViteUserConfig {
  return {
    publicDir: false,
    plugins: [{ name: 'executable', writeBundle: ({ dir }) => chmodSync(`${dir}/${CLI_FILE}`, 0o755) }],
    ssr: { noExternal: true },
    build: {
      ssr: 'src/cli/main.ts',
      outDir: 'dist/cli',
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        external: [...builtinModules, /^node:/],
        output: {
          format: 'es',
          entryFileNames: CLI_FILE,
          banner: '#!/usr/bin/env node',
          codeSplitting: false,
          // V8 puts the value of a `const` into its machine code. As a `var`, which Vite makes of it otherwise, it is
          // loaded and its type checked at every use: a tenth of a run. (The minified worker has neither: its are `let`.)
          topLevelVar: false,
        },
      },
    },
  };
}

function testConfig(): NonNullable<ViteUserConfig['test']> {
  return {
    projects: [
      {
        plugins: [svelte()],
        // Runes in `*.svelte.ts` are tested as the browser runs them, not as a server would.
        resolve: { conditions: ['browser'] },
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/bench/**', 'test/full/**', 'test/explorer/**'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'explorer',
          environment: 'node',
          include: ['test/explorer/**/*.test.ts'],
          testTimeout: 600_000,
        },
      },
      {
        plugins: [svelte()],
        test: {
          name: 'full',
          environment: 'node',
          include: ['test/full/**/*.test.ts'],
          testTimeout: 30 * 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          // Browsers are heavy and the machine may have two cores: one file at a time.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 90_000,
        },
      },
    ],
  };
}

export default defineConfig(({ mode }) => ({
  ...(mode === 'cli' ? cliConfig() : appConfig()),
  test: testConfig(),
}));
