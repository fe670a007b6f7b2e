import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { tensorflowUnavailable } from '../../nn/backend/tensorflow-package';
import type { Python } from './find-python';
import { lastLines, runProgram } from './run-program';
import { bytesIn, inParts } from './setup-cache';
import type { SetupRun } from './setup-run';
import type { TensorflowBuild } from './tensorflow-build';

/**
 * Fetches the wheel of one Python package with pip, unless an earlier run has.
 *
 * @param requirement - the package and its version, as pip writes it
 * @returns the wheel's path
 * @throws ConcordError `unavailable-backend` with the output of pip; `aborted`.
 */
export async function fetchWheel(
  requirement: string,
  build: TensorflowBuild,
  { python, run }: { readonly python: Python; readonly run: SetupRun },
): Promise<string> {
  const folder = join(run.cache, 'downloads', requirement.replaceAll(/[^\w.=-]+/g, '_'));
  if ((await wheelIn(folder)) === undefined) {
    await rm(folder, { recursive: true, force: true });
    await inParts(folder, (part) => download(requirement, part, { python, run, build }));
  }
  const wheel = await wheelIn(folder);
  if (wheel === undefined)
    throw tensorflowUnavailable(`pip fetched no wheel of ${requirement} into ${folder}`);
  return wheel;
}

async function wheelIn(folder: string): Promise<string | undefined> {
  const name = (await readdir(folder).catch(() => [])).find((file) => file.endsWith('.whl'));
  return name === undefined ? undefined : join(folder, name);
}

async function download(
  requirement: string,
  folder: string,
  work: { readonly python: Python; readonly run: SetupRun; readonly build: TensorflowBuild },
): Promise<void> {
  const { python, run, build } = work;
  if (!python.pip) {
    throw tensorflowUnavailable(
      `${python.command} (Python ${python.version}) has no pip (install it: apt install python3-pip or ` +
        `${python.command} -m ensurepip; or name another Python with --python)`,
    );
  }
  // The wheel of one fixed Python, whatever the user's: only C libraries are taken from it.
  const words = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir'];
  words.push('--disable-pip-version-check', '--progress-bar=off', '--python-version=3.12');
  words.push('--implementation=cp', ...build.platforms.map((name) => `--platform=${name}`));
  const temporary = join(folder, 'temporary');
  await mkdir(temporary);
  const watch = setInterval(() => void bytesIn(folder).then((bytes) => run.onBytes(bytes)), 500);
  try {
    const { signal } = run;
    const env = { TMPDIR: temporary };
    const result = await runProgram(python.command, [...words, '-d', temporary, requirement], {
      env,
      signal,
    });
    if (result?.status !== 0) throw refused(requirement, result === undefined ? '' : lastLines(result));
  } finally {
    clearInterval(watch);
  }
  const wheel = await wheelIn(temporary);
  if (wheel !== undefined) await rename(wheel, join(folder, wheel.slice(temporary.length + 1)));
  await rm(temporary, { recursive: true, force: true });
}

function refused(requirement: string, said: string): Error {
  const remedy = /No space left/i.test(said)
    ? 'make room on the disk'
    : /No matching distribution|Could not find a version/i.test(said)
      ? 'pip finds no such version: update pip, check the package index it uses, or name a Python that has ' +
        'TensorFlow installed with --python'
      : 'check the network; behind a proxy set HTTPS_PROXY, with a mirror PIP_INDEX_URL; then run it again';
  return tensorflowUnavailable(`pip cannot fetch ${requirement} (${remedy}):\n${said}`);
}
