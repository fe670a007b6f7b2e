import { cp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { TensorflowPackage } from '../../nn/backend/tensorflow-package';
import { findTensorflowPackages, tensorflowUnavailable } from '../../nn/backend/tensorflow-package';
import { makeFolder } from '../../io/files/make-folder';
import { isThere } from '../../io/files/write-file';
import { lastLines, runProgram } from './run-program';
import { bytesIn, inParts, inUnits } from './setup-cache';
import type { SetupRun } from './setup-run';
import { currentFolder } from '../../own-folders';

/** The last version of the packages, the one made for the tfjs that Concord uses. */
const packageVersion = '4.22.0';

/** The folder inside `node_modules` of packages that the setup put there; npm leaves names with dots alone. */
const ownFolder = '.concord-tensorflow';

/**
 * Makes sure that the project has a package that carries native TensorFlow: one that is there, else
 * `@tensorflow/tfjs-node-gpu` for CUDA and `@tensorflow/tfjs-node` without.
 *
 * `npm install --no-save` would do it, and remove whatever else was installed that way. So npm installs into a folder
 * of the cache, and that tree goes into the project's `node_modules` as a whole, without the packages that the
 * project has in the same version, tfjs-core above all, of which there must be only one.
 *
 * @throws ConcordError `unavailable-backend`; `aborted`.
 */
export async function ensurePackage(
  { cuda, modules = modulesFolder() }: { readonly cuda: boolean; readonly modules?: string },
  run: SetupRun,
): Promise<TensorflowPackage> {
  const beside = [dirname(modules), currentFolder()];
  const [found] = findTensorflowPackages(beside);
  if (found !== undefined) {
    run.say(`package: ${found.name}@${found.version} in ${found.folder}`);
    return found;
  }
  const name = await nameFor(cuda, modules);
  const cached = join(run.cache, `${name.replace('@tensorflow/', '')}-${packageVersion}`);
  if (!(await isThere(cached))) {
    run.say(`fetching ${name}@${packageVersion} with npm: about 40 MB`);
    await inParts(cached, (part) => installInto(part, name, run.signal));
  }
  run.say(`putting ${name}@${packageVersion} into ${modules}`);
  await place(cached, name, modules);
  const [placed] = findTensorflowPackages(beside);
  if (placed === undefined)
    throw tensorflowUnavailable(`${name} is not found in ${modules} after it was put there`);
  return placed;
}

/** The `node_modules` that holds the tfjs-core of Concord. */
function modulesFolder(): string {
  return join(dirname(createRequire(__filename).resolve('@tensorflow/tfjs-core/package.json')), '..', '..');
}

/**
 * Removes what {@link ensurePackage} put into a project.
 *
 * @returns whether there was anything
 */
export async function removePackage(modules: string = modulesFolder()): Promise<boolean> {
  const own = join(modules, ownFolder);
  if (!(await isThere(own))) return false;
  for (const name of await readdir(own)) {
    // A link, which may lead nowhere by now.
    await rm(join(modules, '@tensorflow', name), { force: true }).catch(() => undefined);
  }
  await rm(own, { recursive: true });
  return true;
}

/**
 * With a TensorFlow for the processor both packages compute alike. So tfjs-node-gpu is chosen also where plain tfjs is in
 * the place of tfjs-node, as danfojs-node is mostly installed.
 */
async function nameFor(cuda: boolean, modules: string): Promise<string> {
  const taken = await isThere(join(modules, '@tensorflow', 'tfjs-node'));
  return cuda || taken ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
}

async function installInto(folder: string, name: string, signal?: AbortSignal): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{"private": true}\n');
  const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--omit=dev'];
  const result = await runProgram('npm', [...words, `${name}@${packageVersion}`], { cwd: folder, signal });
  if (result?.status === 0) return dropSourceMaps(folder);
  const said = result === undefined ? 'there is no npm (install Node with npm)' : lastLines(result);
  throw tensorflowUnavailable(
    `npm cannot fetch ${name}@${packageVersion} (check the network, then run it again):\n${said}`,
  );
}

/** Two thirds of what npm installs are maps for debuggers. */
async function dropSourceMaps(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    if (name.endsWith('.map')) await rm(join(folder, name), { force: true });
  }
}

async function place(cached: string, name: string, modules: string): Promise<void> {
  const bare = name.replace('@tensorflow/', '');
  const own = join(modules, ownFolder, bare);
  if (!(await isThere(own))) {
    await inParts(own, async (part) => {
      const tree = join(part, 'node_modules');
      await cp(join(cached, 'node_modules'), tree, { recursive: true, verbatimSymlinks: true });
      await dropShared(tree, modules);
    });
  }
  const link = join(modules, '@tensorflow', bare);
  await makeFolder(dirname(link));
  await rm(link, { force: true });
  await symlink(relative(dirname(link), join(own, 'node_modules', name)), link);
}

/** Takes the packages out of a tree that the project has in the same version. */
async function dropShared(tree: string, modules: string): Promise<void> {
  for (const name of await packagesIn(tree)) {
    const [theirs, projects] = await Promise.all(
      [tree, modules].map((place) => versionAt(join(place, name))),
    );
    if (projects === theirs) await rm(join(tree, name), { recursive: true });
    else if (name === '@tensorflow/tfjs-core' && projects !== undefined) {
      throw tensorflowUnavailable(
        `the project has @tensorflow/tfjs-core@${projects}, native TensorFlow needs ${theirs ?? packageVersion} ` +
          `(npm install @tensorflow/tfjs-core@${theirs ?? packageVersion})`,
      );
    }
  }
}

async function packagesIn(tree: string): Promise<readonly string[]> {
  const names = (await readdir(tree)).filter((name) => !name.startsWith('.'));
  const all = names.map(async (name) =>
    name.startsWith('@') ? (await readdir(join(tree, name))).map((inner) => `${name}/${inner}`) : [name],
  );
  return (await Promise.all(all)).flat();
}

async function versionAt(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { version?: string }).version;
}

/** How large what {@link ensurePackage} put into a project is, in words; `undefined` where it did nothing. */
export async function placedPackage(modules: string = modulesFolder()): Promise<string | undefined> {
  const own = join(modules, ownFolder);
  if (!(await isThere(own))) return undefined;
  return `${(await readdir(own)).join(', ')} in ${own}, ${inUnits(await bytesIn(own))}`;
}
