import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type Server } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, serveFile } from '../../../scripts/static-server.mjs';

let parent: string;
let server: Server;
let port: number;

beforeAll(async () => {
  parent = mkdtempSync(path.join(os.tmpdir(), 'delivery-lab-static-'));
  const folder = path.join(parent, 'site');
  mkdirSync(path.join(folder, 'embed'), { recursive: true });
  writeFileSync(path.join(parent, 'secret.txt'), 'secret');
  mkdirSync(path.join(parent, 'site-two'));
  writeFileSync(path.join(parent, 'site-two', 'secret.txt'), 'secret');
  writeFileSync(path.join(folder, 'index.html'), '<p>front</p>');
  writeFileSync(path.join(folder, 'a b.js'), 'let a;');
  writeFileSync(path.join(folder, 'embed', 'index.html'), '<p>embed</p>');
  ({ server, port } = await listen((incoming, response) => serveFile(folder, incoming, response), [0]));
});
afterAll(() => {
  server.close();
  rmSync(parent, { recursive: true, force: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly location: string | undefined;
  readonly body: string;
}

/** Sends the path as it stands: `fetch` would tidy `..` away before it reached the server. */
function get(pathname: string, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: pathname, method }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        const { 'content-type': type, location } = response.headers;
        resolve({ status: response.statusCode, type, location, body });
      });
    })
      .on('error', reject)
      .end();
  });
}

describe('static server', () => {
  it('serves files, folders and encoded names with their types', async () => {
    expect(await get('/')).toMatchObject({
      status: 200,
      type: 'text/html; charset=utf-8',
      body: '<p>front</p>',
    });
    expect(await get('/embed/?scenario=x')).toMatchObject({ status: 200, body: '<p>embed</p>' });
    expect(await get('/a%20b.js?v=1')).toMatchObject({ status: 200, type: 'text/javascript; charset=utf-8' });
    expect(await get('/', 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it('sends a folder without its slash to the address with it, so that relative links hold', async () => {
    expect(await get('/embed?a=1?b')).toMatchObject({ status: 308, location: '/embed/?a=1?b' });
    expect((await get('//embed')).location).toBe('/embed/');
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/../site-two/secret.txt',
    '/a%00b',
    '/%',
    '/missing',
    '/index.html/',
  ])('%s: not found', async (pathname) => {
    expect(await get(pathname)).toMatchObject({ status: 404, body: 'Not found\n' });
  });

  it('refuses to be written to', async () => {
    expect((await get('/', 'POST')).status).toBe(405);
  });

  it('takes the next port when one is in use, and says when none is free', async () => {
    const handler = (): Promise<void> => Promise.resolve();
    const next = await listen(handler, [port, 0]);
    expect(next.port).not.toBe(port);
    next.server.close();
    await expect(listen(handler, [port])).rejects.toThrow(`No free port on 127.0.0.1 among ${port}`);
  });
});
