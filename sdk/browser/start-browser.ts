import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { ConcordError } from '../errors';
import { makeScratchFolder } from '../io/files/scratch-folder';
import type { DevTools } from './dev-tools';
import { devTools } from './dev-tools';
import type { RunningBrowser } from './end-browser';
import { endBrowser } from './end-browser';
import { browserRemedy } from './drawing-browsers';

/** A browser that was started without a window. */
export interface StartedBrowser extends RunningBrowser {
  /** For example `Chrome/156.0.8078.108`. */
  readonly version: string;
  readonly devTools: DevTools;
}

/** How a browser is started. */
export interface StartBrowserOptions {
  /** Seconds after which a browser that says nothing is taken for one that does not start. */
  readonly timeLimit: number;
  /** Learns of every process that was started, before it is known whether it works. */
  readonly onStart?: (running: RunningBrowser) => void;
}

/** A page that draws needs no network, no account, no crash reports and no graphics card. */
const flags = [
  ...['--headless', '--remote-debugging-pipe', '--no-first-run', '--no-default-browser-check'],
  ...[
    '--disable-extensions',
    '--disable-sync',
    '--disable-background-networking',
    '--disable-component-update',
  ],
  ...['--disable-breakpad', '--disable-crash-reporter', '--no-pings', '--mute-audio', '--hide-scrollbars'],
  // A profile that is removed must not ask for the keys of the user's passwords.
  ...['--password-store=basic', '--use-mock-keychain'],
  '--host-resolver-rules=MAP * ~NOTFOUND',
  // Containers have 64 MB in /dev/shm, which a page may exceed.
  '--disable-dev-shm-usage',
  // Surfaces and points drawn by WebGL, by the processor.
  ...['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  '--force-color-profile=srgb',
];

/**
 * Starts a browser without a window, in a profile of its own. Where the system refuses its sandbox (root in a
 * container, no user namespaces), it is started again without: the page holds our own script and the user's own
 * figure, and no address is resolved.
 *
 * @throws ConcordError `missing-package` with what the browser said, where it does not start.
 */
export async function startBrowser(program: string, options: StartBrowserOptions): Promise<StartedBrowser> {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  if (isRoot) return started(program, ['--no-sandbox'], options);
  try {
    return await started(program, [], options);
  } catch (error) {
    if (!(error instanceof ConcordError) || !/sandbox|namespace/i.test(error.problem)) throw error;
    return started(program, ['--no-sandbox'], options);
  }
}

async function started(
  program: string,
  more: readonly string[],
  { timeLimit, onStart }: StartBrowserOptions,
): Promise<StartedBrowser> {
  const profile = await makeScratchFolder('concord-browser');
  const child = spawnBrowser(program, profile, [...flags, ...more]);
  const running = { pid: child.pid ?? NaN, profile };
  const [, , , toBrowser, fromBrowser] = child.stdio;
  const tools = devTools(toBrowser as Writable, fromBrowser as Readable);
  if (child.pid !== undefined) onStart?.(running);
  const said = lastWords(child);
  const ended = (why: string): void =>
    tools.end(new Error([`the browser ${why}`, said()].filter((part) => part !== '').join(': ')));
  child.on('error', (error) => ended(`cannot be started (${error.message})`));
  // Not "exit", after which the last of what it said may still be on its way.
  child.on('close', (status, signal) => ended(`ended (${signal ?? `status ${String(status)}`})`));
  const timer = setTimeout(() => ended(`did not start within ${timeLimit} s`), 1000 * timeLimit);
  try {
    const { product } = await tools.send('Browser.getVersion');
    return { ...running, version: product as string, devTools: tools };
  } catch (cause) {
    endBrowser(running);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConcordError('missing-package', `no working browser: ${program}: ${why}`, {
      remedy: browserRemedy,
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * On POSIX a shell waits for the browser and then removes the profile, whatever happened to this process: with it the
 * pipes end, and with them the browser. The group of its own keeps an interrupt of the terminal from it.
 */
function spawnBrowser(program: string, profile: string, args: readonly string[]): ChildProcess {
  const all = [...args, `--user-data-dir=${profile}`, 'about:blank'];
  const stdio: ('ignore' | 'pipe')[] = ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'];
  // Its other temporary files, sockets among them, go with the profile.
  const env = { ...process.env, TMPDIR: profile };
  if (process.platform === 'win32') return spawn(program, all, { stdio, env, windowsHide: true });
  const script = '"$@"; status=$?; rm -rf -- "$0"; exit $status';
  return spawn('/bin/sh', ['-c', script, profile, program, ...all], { stdio, env, detached: true });
}

/** The end of what a browser said on standard error, without its complaints of a missing desktop. */
function lastWords({ stderr }: ChildProcess): () => string {
  let text = '';
  stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-4000);
  });
  return () =>
    text
      .split('\n')
      .filter((line) => line.trim() !== '' && !/dbus|DevTools listening/i.test(line))
      .slice(-3)
      .join(' ')
      .slice(-600);
}
