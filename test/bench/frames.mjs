// `npm run bench:frames`: how long the frames of the app are while a trace of 100,000 rows is opened, scrubbed,
// stepped, played, zoomed and scrolled in Chromium, and how much is downloaded first. Needs a build (`npm run build`).
//   node test/bench/frames.mjs [--record]
// A frame is the time between two animation frames. Beside it stands the longest task of the page's main thread by
// the clock and by its own processor time: on a busy machine the first waits for others, the second does not.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { listen, serveFile } from '../../scripts/static-server.mjs';
import { CHROMIUM_ARGUMENTS, findBrowser } from '../e2e/find-browser.mjs';
import { LARGEST, measureSizes } from './sizes.mjs';

const LONGEST_FRAME_MS = 50;
const LEAST_ROWS = 100_000;
const MESSAGES = 12_500;
const root = fileURLToPath(new URL('../../', import.meta.url));
const appFolder = path.join(root, 'dist', 'app');

for (const file of ['app/index.html', 'cli/delivery-lab.js']) {
  if (existsSync(path.join(root, 'dist', file))) continue;
  console.error(`dist/${file} is not there: run \`npm run build\` first.`);
  process.exit(2);
}
const { server, port } = await listen((request, response) => serveFile(appFolder, request, response), [0]);
const origin = `http://127.0.0.1:${port}/`;
const browser = await chromium.launch({ executablePath: findBrowser('chromium'), args: CHROMIUM_ARGUMENTS });
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const sizes = measureSizes(appFolder);
  const { rows, phases } = await measureFrames(context);
  const report = reportOf(sizes, rows, phases, browser.version());
  console.log(report);
  if (process.argv.includes('--record'))
    writeFileSync(path.join(root, 'test/bench/frames-results.md'), report);
  const isWell =
    rows >= LEAST_ROWS &&
    phases.every(({ longestFrameMs }) => longestFrameMs <= LONGEST_FRAME_MS) &&
    sizes.initial <= LARGEST.initial &&
    sizes.worker <= LARGEST.worker;
  process.exitCode = isWell ? 0 : 1;
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}

// ── frames ─────────────────────────────────────────────────────────────────────────────────────────────────────────

async function measureFrames(context) {
  const page = await context.newPage();
  await page.addInitScript(() => {
    const gaps = [];
    globalThis.deliveryLabGaps = gaps;
    let before = performance.now();
    const tick = (now) => {
      gaps.push(now - before);
      before = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await page.goto(origin);
  const time = page.getByRole('slider', { name: 'Time' });
  await time.waitFor();
  await page.waitForLoadState('networkidle');

  const phases = [];
  const phase = async (name, act) => {
    const tasks = await traced(page, async () => {
      await page.evaluate(() => void (globalThis.deliveryLabGaps.length = 0));
      await act();
      await twoFrames(page);
    });
    const gaps = await page.evaluate(() => [...globalThis.deliveryLabGaps]);
    phases.push({
      name,
      frames: gaps.length,
      longestFrameMs: Math.max(...gaps),
      over: gaps.filter((gap) => gap > LONGEST_FRAME_MS).length,
      ...tasks,
    });
  };
  const rowsOf = async () =>
    Number(/of (\d+)/.exec((await time.getAttribute('aria-valuetext')) ?? '')?.[1] ?? 0);

  const fragment = new URL(largeLink()).hash;
  await phase('open', async () => {
    await page.evaluate((hash) => void (location.hash = hash), fragment);
    await wholePage(page);
  });
  const rows = await rowsOf();
  await phase('another weather', async () => {
    const seed = page.getByRole('textbox', { name: 'Seed' });
    const digest = page.getByRole('region', { name: 'Outcome' }).locator('code').first();
    const before = await digest.textContent();
    await seed.fill('another');
    await page.waitForFunction(
      (text) => document.querySelector('[aria-label="Outcome"] code')?.textContent !== text,
      before,
    );
    await wholePage(page);
  });
  const bar = await time.boundingBox();
  await phase('scrub by mouse', async () => {
    await page.mouse.move(bar.x + bar.width - 2, bar.y + bar.height / 2);
    await page.mouse.down();
    for (let n = 0; n <= 90; n++) {
      await page.mouse.move(
        bar.x + bar.width * Math.abs(1 - n / 45) + (n === 0 ? -2 : 0),
        bar.y + bar.height / 2,
      );
    }
    await page.mouse.up();
  });
  await phase('scrub by keyboard', async () => {
    await time.focus();
    for (const key of [
      'Home',
      ...Array(9).fill('PageUp'),
      ...Array(5).fill('PageDown'),
      'End',
      'Home',
      'PageUp',
    ]) {
      await page.keyboard.press(key);
    }
  });
  await phase('step forward', () => pressMany(page, '.', 60));
  await phase('step back', () => pressMany(page, ',', 60));
  await phase('play, two seconds', async () => {
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    const until = Date.now() + 2_000;
    while (Date.now() < until) await twoFrames(page);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
  });
  await phase('zoom in and out', async () => {
    const zoomIn = page.getByRole('button', { name: 'Zoom in' });
    for (let n = 0; n < 10; n++) await zoomIn.click();
    for (let n = 0; n < 5; n++) await page.getByRole('button', { name: 'Later', exact: true }).click();
    await page.getByRole('button', { name: 'Whole run' }).click();
  });
  await phase('linear axis and back', async () => {
    await page.getByRole('button', { name: 'Linear time' }).click();
    await twoFrames(page);
    await page.getByRole('button', { name: 'Linear time' }).click();
  });
  await phase('scroll the event list', async () => {
    await page.keyboard.press('End');
    const list = page.getByRole('region', { name: 'Events' }).locator('ol');
    for (let n = 0; n < 20; n++) {
      await list.evaluate((node, share) => void (node.scrollTop = node.scrollHeight * share), n / 20);
      await twoFrames(page);
    }
  });
  await page.close();
  return { rows, phases };
}

/** Until all parts of the large run are there: they are mounted in several frames. */
async function wholePage(page) {
  await page.waitForFunction((least) => {
    const text = document.querySelector('input[type="range"]')?.getAttribute('aria-valuetext');
    return Number(/of (\d+)/.exec(text ?? '')?.[1] ?? 0) >= least;
  }, LEAST_ROWS);
  await page.getByRole('region', { name: 'Events' }).getByRole('button').first().waitFor();
  await page.getByRole('heading', { name: 'Copies and effects per message' }).waitFor();
}

/** A link to a run of about 8 rows a message, made by the command line. */
function largeLink() {
  const cli = path.join(root, 'dist', 'cli', 'delivery-lab.js');
  const args = [
    'run',
    'retry-until-acknowledged',
    '--set',
    `shop.messages=${MESSAGES}`,
    '--json',
    '--app',
    origin,
  ];
  // The exit code says whether the run came out as expected, which does not matter here.
  const { stdout } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return JSON.parse(stdout).link;
}

async function pressMany(page, key, times) {
  await page.getByRole('slider', { name: 'Time' }).focus();
  for (let n = 0; n < times; n++) await page.keyboard.press(key);
}

function twoFrames(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined)))),
  );
}

/** The longest task of the page's main thread meanwhile, by the clock and by processor time. */
async function traced(page, act) {
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await session.send('Tracing.start', { traceConfig: { includedCategories: ['toplevel', '__metadata'] } });
  await act();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const threads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = events.filter(
    ({ ph, pid, tid, dur }) => ph === 'X' && dur > 0 && threads.has(`${pid} ${tid}`),
  );
  const longest = (key) => Math.max(0, ...tasks.map((task) => task[key] ?? 0)) / 1_000;
  return { longestTaskMs: longest('dur'), longestCpuMs: longest('tdur') };
}

// ── report ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function reportOf(sizes, rows, phases, version) {
  const kB = (bytes) => `${(bytes / 1_000).toFixed(1)} kB`;
  const table = (head, lines) =>
    [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
  return [
    '# Frames and sizes',
    '',
    `Chromium ${version}, ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'processor'}, load ${os.loadavg()[0].toFixed(1)}. Made by \`npm run bench:frames -- --record\`.`,
    '',
    `A trace of ${rows.toLocaleString('en')} rows; no frame may be longer than ${LONGEST_FRAME_MS} ms.`,
    '',
    ...table(
      [
        'phase',
        'frames',
        'longest frame',
        `over ${LONGEST_FRAME_MS} ms`,
        'longest task',
        'its processor time',
      ],
      phases.map(({ name, frames, longestFrameMs, over, longestTaskMs, longestCpuMs }) => [
        name,
        frames,
        `${longestFrameMs.toFixed(1)} ms`,
        over,
        `${longestTaskMs.toFixed(1)} ms`,
        `${longestCpuMs.toFixed(1)} ms`,
      ]),
    ),
    '',
    ...table(
      ['downloaded, gzipped', 'bytes', 'at most'],
      [
        ['JavaScript that the first picture waits for', kB(sizes.initial), kB(LARGEST.initial)],
        ['the same for an embed', kB(sizes.embed), kB(LARGEST.initial)],
        ['engine', kB(sizes.worker), kB(LARGEST.worker)],
        ['what follows while the page is idle', kB(sizes.later), ''],
      ],
    ),
    '',
  ].join('\n');
}
