// WebKitGTK through its own driver: plain W3C WebDriver over HTTP, on a virtual screen. Safari itself
// exists on one system only; this is the same engine, from a Debian package.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findBrowser } from './find-browser.mjs';

export interface WebKitSession {
  /** One WebDriver command of this session, for example ('POST', 'url', { url }). */
  command(method: 'GET' | 'POST' | 'DELETE', name: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

const START_DEADLINE_MS = 30_000;

export async function startWebKit(viewport: { width: number; height: number }): Promise<WebKitSession> {
  const programs = {
    xvfb: findBrowser('xvfb'),
    driver: findBrowser('webkitDriver'),
    browser: findBrowser('webkitBrowser'),
  };
  const home = mkdtempSync(path.join(os.tmpdir(), 'delivery-lab-webkit-'));
  const children: Child[] = [];
  const removeHome = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', removeHome);
  const cleanUp = async (): Promise<void> => {
    for (const child of children.reverse()) await child.stop();
    removeHome();
    process.removeListener('exit', removeHome);
  };
  try {
    const screen = await startScreen(programs.xvfb, viewport);
    children.push(screen.child);
    const driver = await startDriver(programs.driver, home, screen.display);
    children.push(driver.child);
    const session = await openSession(driver.address, programs.browser, viewport);
    return {
      command: session.command,
      close: async () => {
        // The driver ends the browser with the session; if it no longer answers, its group is ended below.
        await session.end().catch(() => undefined);
        await cleanUp();
      },
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

/** A virtual screen; the server picks a free display number and tells it on its fourth stream. */
async function startScreen(
  program: string,
  { width, height }: { width: number; height: number },
): Promise<{ readonly child: Child; readonly display: string }> {
  // Room for the browser's own tool bar above the page.
  const size = `${width + 100}x${height + 200}x24`;
  const child = new Child(
    program,
    ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp', '-noreset'],
    {
      extraStream: true,
    },
  );
  const number = await child.firstLine();
  return { child, display: `:${number}` };
}

async function startDriver(
  program: string,
  home: string,
  display: string,
): Promise<{ readonly child: Child; readonly address: string }> {
  const port = await freePort();
  const child = new Child(program, ['--host=127.0.0.1', `--port=${port}`], {
    env: {
      ...process.env,
      DISPLAY: display,
      WAYLAND_DISPLAY: undefined,
      GDK_BACKEND: 'x11',
      // A profile of its own that is thrown away, no accessibility bus, no graphics card.
      HOME: home,
      XDG_CACHE_HOME: path.join(home, 'cache'),
      XDG_CONFIG_HOME: path.join(home, 'config'),
      XDG_DATA_HOME: path.join(home, 'data'),
      XDG_RUNTIME_DIR: home,
      NO_AT_BRIDGE: '1',
      LIBGL_ALWAYS_SOFTWARE: '1',
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    },
  });
  const address = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await answers(`${address}/status`))) {
    if (child.hasEnded || Date.now() > deadline) {
      await child.stop();
      throw new Error(`WebKitWebDriver did not start: ${child.lastWords}`);
    }
    await wait(50);
  }
  return { child, address };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function openSession(
  address: string,
  binary: string,
  viewport: { width: number; height: number },
): Promise<{ readonly command: WebKitSession['command']; end(): Promise<void> }> {
  const created = await send('POST', `${address}/session`, {
    capabilities: {
      alwaysMatch: {
        pageLoadStrategy: 'normal',
        timeouts: { script: 600_000, pageLoad: 60_000, implicit: 0 },
        'webkitgtk:browserOptions': { binary, args: ['--automation'] },
      },
    },
  });
  const base = `${address}/session/${(created as { sessionId: string }).sessionId}`;
  const command: WebKitSession['command'] = (method, name, body) => send(method, `${base}/${name}`, body);
  await fitViewport(command, viewport);
  return { command, end: async () => void (await send('DELETE', base)) };
}

/** A window's size includes its tool bar; the page itself shall have the wanted size. */
async function fitViewport(
  command: WebKitSession['command'],
  { width, height }: { width: number; height: number },
): Promise<void> {
  await command('POST', 'window/rect', { x: 0, y: 0, width, height });
  const script = 'return [innerWidth, innerHeight]';
  const [innerWidth, innerHeight] = (await command('POST', 'execute/sync', { script, args: [] })) as [
    number,
    number,
  ];
  await command('POST', 'window/rect', {
    ...{ x: 0, y: 0 },
    width: width + (width - innerWidth),
    height: height + (height - innerHeight),
  });
}

async function send(method: string, url: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method,
    ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
    headers: { 'content-type': 'application/json' },
  });
  const { value } = (await response.json()) as { value: unknown };
  if (!response.ok) {
    const { error, message } = (value ?? {}) as { error?: string; message?: string };
    throw new Error(`WebKit: ${error ?? response.status}: ${message ?? ''}`);
  }
  return value;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('No free port'));
      });
    });
  });
}

/** A child process with a group of its own, so that stopping it stops what it started and nothing else. */
class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #stopAtExit = (): void => this.#signal('SIGKILL');
  #output = '';
  hasEnded = false;

  constructor(
    program: string,
    args: readonly string[],
    options: { env?: NodeJS.ProcessEnv; extraStream?: boolean },
  ) {
    this.#process = spawn(program, args, {
      detached: true,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe', ...(options.extraStream ? (['pipe'] as const) : [])],
    });
    this.#ended = new Promise((resolve) => {
      this.#process.once('error', (error) => {
        this.#output += error.message;
        this.hasEnded = true;
        resolve();
      });
      this.#process.once('exit', () => {
        this.hasEnded = true;
        resolve();
      });
    });
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-2000);
    };
    this.#process.stdout?.on('data', keep);
    this.#process.stderr?.on('data', keep);
    process.once('exit', this.#stopAtExit);
  }

  get lastWords(): string {
    return this.#output.trim() || 'it said nothing';
  }

  /** The first line the child writes on its fourth stream. */
  async firstLine(): Promise<string> {
    const stream = this.#process.stdio[3] as NodeJS.ReadableStream;
    const line = new Promise<string>((resolve) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes('\n')) resolve(text.trim());
      });
    });
    const found = await Promise.race([line, this.#ended, wait(START_DEADLINE_MS, undefined, { ref: false })]);
    if (typeof found === 'string') return found;
    await this.stop();
    throw new Error(`${this.#process.spawnfile} did not start: ${this.lastWords}`);
  }

  async stop(): Promise<void> {
    this.#signal('SIGTERM');
    await Promise.race([this.#ended, wait(2000, undefined, { ref: false })]);
    this.#signal('SIGKILL');
    process.removeListener('exit', this.#stopAtExit);
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The whole group has ended already.
    }
  }
}
