// What a visitor downloads, gzipped: the scripts that the first picture waits for, the engine's, and all that follows
// while the page is idle. Read from the built page and the static imports of its scripts.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** Most that may be downloaded, gzipped bytes. */
export const LARGEST = { initial: 90_000, worker: 25_000 };

/** `folder` holds the built app. */
export function measureSizes(folder) {
  const read = (file) => readFileSync(path.join(folder, file));
  const sum = (files) => files.reduce((bytes, file) => bytes + gzipSync(read(file), { level: 9 }).length, 0);
  const page = read('index.html').toString();
  const script = (pattern) => {
    const found = pattern.exec(page)?.[1];
    if (found === undefined) throw new Error(`index.html names no script by ${pattern}`);
    return path.normalize(found);
  };
  const first = [
    script(/<script[^>]* src="([^"]+)"/),
    ...staticImports(read, script(/<script[^>]* data-app="([^"]+)"/)),
  ];
  const embed = [first[0], script(/<script[^>]* data-embed="([^"]+)"/)];
  const all = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.js'));
  const worker = all.filter((file) => path.basename(file).startsWith('worker-'));
  const later = all.filter(
    (file) => !worker.includes(file) && !embed.includes(file) && !first.includes(file),
  );
  return { initial: sum(first), embed: sum(embed), worker: sum(worker), later: sum(later) };
}

/** A module and those it cannot start without. */
function staticImports(read, entry) {
  const found = [entry];
  for (const file of found) {
    for (const [, quoted] of read(file)
      .toString()
      .matchAll(/(?:\bfrom|\bimport)\s*["'`](\.[^"'`]+\.js)["'`]/g)) {
      const imported = path.join(path.dirname(file), quoted);
      if (!found.includes(imported)) found.push(imported);
    }
  }
  return found;
}
