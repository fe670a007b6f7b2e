import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tensorflowUnavailable } from '../../nn/backend/tensorflow-package';
import { isThere } from '../../io/files/write-file';
import { lastLines, runProgram } from './run-program';
import { inParts } from './setup-cache';
import type { SetupRun } from './setup-run';

/** The npm package with the C headers of Node's stable interface for addons; all that the binding includes. */
const headersPackage = 'node-api-headers@1.9.0';

/**
 * Finds the headers of Node's interface for addons: those that came with Node, else from the npm package made for
 * that, kept in the cache.
 *
 * @param beside - the program whose headers are looked for
 * @throws ConcordError `unavailable-backend`.
 */
export async function nodeHeaders(run: SetupRun, beside: string = process.execPath): Promise<string> {
  const own = join(dirname(beside), '..', 'include', 'node');
  if (await isThere(join(own, 'node_api.h'))) return own;
  const folder = join(run.cache, headersPackage.replace('@', '-'));
  const include = join(folder, 'package', 'include');
  if (await isThere(join(include, 'node_api.h'))) return include;
  run.say(`fetching ${headersPackage} with npm: 0.1 MB, as this Node came without its headers`);
  await inParts(folder, (part) => unpackFromNpm(headersPackage, part, run.signal));
  return include;
}

async function unpackFromNpm(name: string, folder: string, signal?: AbortSignal): Promise<void> {
  const cwd = join(folder, 'tarball');
  await mkdir(cwd);
  const packed = await runProgram('npm', ['pack', name, '--ignore-scripts'], { cwd, signal });
  const [tarball] = await readdir(cwd);
  if (packed?.status !== 0 || tarball === undefined) {
    const said = packed === undefined ? 'there is no npm' : lastLines(packed, 3);
    throw tensorflowUnavailable(
      `cannot fetch the headers of Node (install them: apt install libnode-dev, or use a Node from nodejs.org, ` +
        `which has them):\n${said}`,
    );
  }
  const unpacked = await runProgram('tar', ['xzf', join(cwd, tarball), '-C', folder], { signal });
  if (unpacked?.status !== 0) throw tensorflowUnavailable(`cannot unpack ${tarball} (install tar)`);
}
