// Where the system's browsers are: an environment variable first, then the search path. Nothing is
// ever downloaded, and a missing browser is an error that says how to get it, never a skipped test.
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';

const BROWSERS = {
  chromium: {
    variable: 'CHROMIUM_PATH',
    debianPackage: 'chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
  },
  firefox: { variable: 'FIREFOX_PATH', debianPackage: 'firefox-esr', commands: ['firefox-esr', 'firefox'] },
  webkitDriver: {
    variable: 'WEBKIT_DRIVER_PATH',
    debianPackage: 'webkit2gtk-driver',
    commands: ['WebKitWebDriver'],
  },
  webkitBrowser: {
    variable: 'WEBKIT_BROWSER_PATH',
    debianPackage: 'webkit2gtk-driver',
    commands: ['MiniBrowser'],
    folders: [
      ...['x86_64-linux-gnu', 'aarch64-linux-gnu', ''].flatMap((architecture) => [
        path.join('/usr/lib', architecture, 'webkitgtk-6.0'),
        path.join('/usr/lib', architecture, 'webkit2gtk-4.1'),
        path.join('/usr/lib', architecture, 'webkit2gtk-4.0'),
      ]),
      '/usr/libexec/webkit2gtk-4.1',
    ],
  },
  xvfb: { variable: 'XVFB_PATH', debianPackage: 'xvfb', commands: ['Xvfb'] },
};

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The program's path; throws with the Debian package and the environment variable when there is none. */
export function findBrowser(name) {
  const { variable, debianPackage, commands, folders = [] } = BROWSERS[name];
  const given = process.env[variable];
  if (given) {
    if (existsSync(given)) return given;
    throw new Error(`${variable} names ${given}, which does not exist.`);
  }
  const searched = [...(process.env.PATH ?? '').split(path.delimiter), ...folders].filter(Boolean);
  for (const folder of searched) {
    for (const command of commands) {
      const file = path.join(folder, command);
      if (isExecutable(file)) return file;
    }
  }
  throw new Error(
    `${commands[0]} was not found. Install the Debian package ${debianPackage} ` +
      `(apt-get install ${debianPackage}), or set ${variable} to the program's path.`,
  );
}

export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-quic',
  '--no-first-run',
];
