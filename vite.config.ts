// One file for the three things Vite does here: the app (`vite build`), the command line
// (`vite build --mode cli`) and the tests (`vitest`).
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { chmodSync } from 'node:fs';
import { builtinModules } from 'node:module';
import type { Plugin } from 'vite';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

// Floors that every supported browser and Node 20.19 meet; nothing is transpiled below them.
const BROWSER_TARGET = ['chrome111', 'firefox115', 'safari16.4'];

/**
 * The page's script as a classic one. A module script is fetched with CORS, which a static host refuses to a frame of
 * opaque origin (`<iframe sandbox="allow-scripts">`); a classic script needs no header and runs from any host.
 */
function classicPage(): Plugin {
  return {
    name: 'classic-page',
    apply: 'build',
    enforce: 'post',
    transformIndexHtml: (html) =>
      html
        .replace(/<script type="module" crossorigin/g, '<script defer')
        .replace(/ crossorigin(?=[ >])/g, ''),
  };
}

/** Static files with relative addresses: `dist/app` works below any path and from any host. */
function appConfig(): ViteUserConfig {
  return {
    base: './',
    plugins: [svelte(), classicPage()],
    // The engine is one classic script: a worker, or imported by one from a blob, or run on the page (src/worker/start.ts).
    worker: { format: 'iife' },
    build: {
      outDir: 'dist/app',
      emptyOutDir: true,
      target: BROWSER_TARGET,
      modulePreload: { polyfill: false },
      // One style sheet in a file: in this format Vite would else put it into a <style>, which a strict CSP refuses.
      cssCodeSplit: false,
      rolldownOptions: { output: { format: 'iife', codeSplitting: false } },
    },
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
          exclude: ['test/e2e/**', 'test/bench/**', 'test/full/**'],
          testTimeout: 20_000,
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
