// The built command line as a person's shell starts it: a process of its own, by the name `delivery-lab`.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

const BUILT = fileURLToPath(new URL('../../dist/cli/delivery-lab.js', import.meta.url));

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Cli {
  /** Runs with these arguments, which no shell reads. */
  (args: readonly string[], input?: string): Promise<Said>;
  /** Runs a whole line in a shell, as somebody who pasted it. */
  shell(line: string, input?: string): Promise<Said>;
  /** A folder for files, removed at the end; also the working directory. */
  readonly folder: string;
}

/** Makes the command ready for the calling test file. */
export function useCli(): () => Cli {
  let folder = '';
  beforeAll(() => {
    if (!existsSync(BUILT))
      throw new Error('The command line is not built: run `npm run build` first (`npm test` does).');
    folder = mkdtempSync(path.join(os.tmpdir(), 'delivery-lab-cli-'));
    symlinkSync(BUILT, path.join(folder, 'delivery-lab'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => {
    const start = (program: string, args: readonly string[], input = ''): Promise<Said> =>
      said(program, args, folder, input);
    return Object.assign(
      (args: readonly string[], input?: string) => start(process.execPath, [BUILT, ...args], input),
      { shell: (line: string, input?: string) => start('sh', ['-c', line], input), folder },
    );
  };
}

function said(program: string, args: readonly string[], folder: string, input: string): Promise<Said> {
  return new Promise((resolve, reject) => {
    const places = [folder, path.dirname(process.execPath), process.env['PATH'] ?? ''];
    const child = spawn(program, args, {
      cwd: folder,
      env: { PATH: places.join(path.delimiter), HOME: folder },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => undefined); // a command that never reads closes the pipe
    child.stdin.end(input);
  });
}
