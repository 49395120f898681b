// Takes pictures of the built app for a person to look at, in Chromium, at three sizes, light and dark.
//   node test/e2e/screenshots.mjs [folder] [--routes '/,#/compare'] [--full-page]
// The folder defaults to a new one below the system's temporary folder. Says which pages log errors
// or are wider than their window, since both are easy to miss in a picture.
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { listen, serveFile } from '../../scripts/static-server.mjs';
import { CHROMIUM_ARGUMENTS, findBrowser } from './find-browser.mjs';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
];
const THEMES = ['light', 'dark'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    routes: { type: 'string', default: '/' },
    'full-page': { type: 'boolean', default: false },
  },
});
const folder = positionals[0] ?? mkdtempSync(path.join(os.tmpdir(), 'delivery-lab-screenshots-'));
const routes = values.routes.split(',').map((route) => route.trim());
const app = fileURLToPath(new URL('../../dist/app', import.meta.url));
if (!existsSync(path.join(app, 'index.html')))
  throw new Error('The app is not built: run `npm run build` first.');
mkdirSync(folder, { recursive: true });

/** '#/compare?seed=7' → 'compare-seed-7'; the front page is 'home'. */
function slug(route) {
  return route.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'home';
}

async function takePicture(page, address, file) {
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(address, { waitUntil: 'networkidle' });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (overflow > 0) problems.push(`${overflow} px wider than the window`);
  await page.screenshot({ path: file, fullPage: values['full-page'], animations: 'disabled' });
  console.log(file);
  for (const problem of problems) console.log(`    ! ${problem}`);
}

const { server, port } = await listen((request, response) => serveFile(app, request, response), [0]);
const browser = await chromium.launch({ executablePath: findBrowser('chromium'), args: CHROMIUM_ARGUMENTS });
try {
  for (const colorScheme of THEMES) {
    for (const viewport of SIZES) {
      const isPhone = viewport.width < 600;
      const context = await browser.newContext({
        viewport,
        colorScheme,
        reducedMotion: 'reduce',
        hasTouch: isPhone,
        deviceScaleFactor: isPhone ? 2 : 1,
      });
      for (const route of routes) {
        const page = await context.newPage();
        const address = new URL(route, `http://127.0.0.1:${port}/`).href;
        const name = `${slug(route)}-${viewport.width}x${viewport.height}-${colorScheme}.png`;
        await takePicture(page, address, path.join(folder, name));
        await page.close();
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}
