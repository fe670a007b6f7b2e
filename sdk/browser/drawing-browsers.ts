import { posix, win32 } from 'node:path';
import { ConcordError } from '../errors';
import { isThere } from '../io/files/write-file';
import { homeFolder } from '../own-folders';
import type { Advice } from '../remedy';
import { advise, either, option } from '../remedy';

/** A machine, as far as browsers are looked for on it. */
export interface SearchedSystem {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Whether there is a file at a path. */
  readonly has: (path: string) => Promise<boolean>;
}

/** What the environment may say of the browser: `CONCORD_BROWSER`, or the variable that Plotly's own exporter reads. */
const variables = ['CONCORD_BROWSER', 'BROWSER_PATH'] as const;

/** Names of programs on the path, the plainest first. */
const browserNames: readonly string[] = [
  ...['chrome-headless-shell', 'google-chrome', 'google-chrome-stable', 'chrome'],
  ...['chromium', 'chromium-browser', 'microsoft-edge', 'microsoft-edge-stable', 'msedge', 'brave-browser'],
];

/** Where browsers are that no path names, on Linux. */
const onLinux = [
  ...[
    '/opt/google/chrome/chrome',
    '/usr/lib/chromium/chromium',
    '/usr/lib64/chromium-browser/chromium-browser',
  ],
  ...['/snap/bin/chromium', '/opt/microsoft/msedge/msedge', '/opt/brave.com/brave/brave'],
];

/** Applications of macOS: each has its program under its own name. */
const macBrowsers: readonly string[] = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];

/** Programs below the folders in which Windows installs. */
const onWindows = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
  ['BraveSoftware', 'Brave-Browser', 'Application', 'brave.exe'],
];

/** What to do where there is no browser, or none that starts. */
export const browserRemedy: Advice = advise`install Google Chrome, Chromium or Microsoft Edge (on Debian and Ubuntu: apt-get install chromium; without rights to install: npx @puppeteer/browsers install chrome-headless-shell@stable), and where it is not found name its program ${either(
  advise`with ${option('browser')}`,
  'in the environment variable CONCORD_BROWSER',
)}`;

/** This machine. */
export function ownSystem(): SearchedSystem {
  return { platform: process.platform, env: process.env, home: homeFolder(), has: isThere };
}

/** Whether the environment says that no browser is to be started: `CONCORD_BROWSER=off`. */
export function isBrowserOff(env: SearchedSystem['env'] = process.env): boolean {
  return env['CONCORD_BROWSER']?.trim().toLowerCase() === 'off';
}

/**
 * Finds the browsers that can draw figures: Chrome, Chromium, Edge and others made of Chromium. One that is named (by the
 * caller, in `CONCORD_BROWSER`, or in `BROWSER_PATH`) is the only one; else all on the path, and in the places where
 * Linux, macOS and Windows have them. Nothing is started or downloaded.
 *
 * @param named - the program, as a path or by its name on the path
 * @returns the programs, the best first
 * @throws ConcordError `missing-package` where there is none, or browsers are switched off; `invalid-option` where the one
 * that is named is not there.
 */
export async function drawingBrowsers(
  named?: string,
  machine: SearchedSystem = ownSystem(),
): Promise<readonly [string, ...string[]]> {
  const { env } = machine;
  if (named === undefined && isBrowserOff(env)) {
    throw new ConcordError('missing-package', 'no browser may be started: CONCORD_BROWSER is "off"', {
      remedy: advise`name the program of a browser ${either(advise`with ${option('browser')}`, 'in it, or unset it')}`,
    });
  }
  const variable = variables.find((name) => (env[name] ?? '').trim() !== '');
  const wanted = named ?? (variable === undefined ? undefined : env[variable]?.trim());
  if (wanted === undefined) return foundOn(machine);
  const paths = /[\\/]/.test(wanted) ? [wanted] : onPath([wanted], machine);
  const [found] = await existing(paths, machine);
  if (found !== undefined) return [found];
  const who = named === undefined ? `${String(variable)} names` : 'browser:';
  throw new ConcordError('invalid-option', `unknown program: ${who} "${wanted}", which is not there`, {
    remedy: browserRemedy,
  });
}

/** The programs of all browsers that can draw figures, on the path and in the usual places; the best first. */
export function installedBrowsers(machine: SearchedSystem): Promise<readonly string[]> {
  return existing([...onPath(browserNames, machine), ...usualPlaces(machine)], machine);
}

async function foundOn(machine: SearchedSystem): Promise<readonly [string, ...string[]]> {
  const [first, ...more] = await installedBrowsers(machine);
  if (first !== undefined) return [first, ...more];
  const where = 'Chrome, Chromium or Edge draws figures into files; Firefox and Safari cannot';
  throw new ConcordError('missing-package', `missing browser: ${where}`, { remedy: browserRemedy });
}

/** Those of some paths at which there is a file, each once. */
export async function existing(
  paths: readonly string[],
  { has }: SearchedSystem,
): Promise<readonly string[]> {
  const distinct = [...new Set(paths)];
  const there = await Promise.all(distinct.map(has));
  return distinct.filter((_, at) => there[at]);
}

function onPath(programs: readonly string[], { platform, env }: SearchedSystem): readonly string[] {
  const isWindows = platform === 'win32';
  const paths = isWindows ? win32 : posix;
  const folders = (env['PATH'] ?? env['Path'] ?? '')
    .split(paths.delimiter)
    .filter((folder) => paths.isAbsolute(folder));
  const ends = isWindows ? ['.exe', ''] : [''];
  return programs.flatMap((name) =>
    folders.flatMap((folder) => ends.map((end) => paths.join(folder, `${name}${end}`))),
  );
}

function usualPlaces({ platform, env, home }: SearchedSystem): readonly string[] {
  const paths = platform === 'win32' ? win32 : posix;
  if (platform === 'darwin') {
    const folders = ['/Applications', paths.join(home, 'Applications')];
    return macBrowsers.flatMap((name) =>
      folders.map((folder) => paths.join(folder, `${name}.app`, 'Contents', 'MacOS', name)),
    );
  }
  if (platform !== 'win32') return onLinux;
  const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => env[name] ?? []);
  return onWindows.flatMap((parts) => roots.map((root) => paths.join(root, ...parts)));
}
