import { existsSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CompilerFiles } from './upstream-compiler';
import { tslabFolder } from './upstream';

/**
 * Packages that a notebook finds wherever it is: where neither its folder nor one above it has them, those that are
 * installed with the kernel. Others must be installed where the notebook is, so that it does not depend on what Concord
 * happens to bring.
 */
const offered = ['concord-mri', 'danfojs-node', 'simple-statistics', '@types/node'] as const;

/** Lets the cells of a notebook in `folder` find the packages of the kernel, when they run and when they are type-checked. */
export function offerPackages(folder: string, files: CompilerFiles): void {
  const here = new Map<string, string>();
  for (const name of offered) {
    if (installedAt(folder, name) !== undefined) continue;
    const place = placeOf(name);
    if (place !== undefined) here.set(name, place);
  }
  offerModules(here);
  offerTypes(folder, here, files);
}

/** The package that a folder would find. */
function installedAt(folder: string, name: string): string | undefined {
  const places = createRequire(join(folder, 'cell.js')).resolve.paths(name) ?? [];
  return places.map((place) => join(place, name)).find((place) => existsSync(join(place, 'package.json')));
}

/** Where the kernel has a package. */
function placeOf(name: string): string | undefined {
  if (name === 'concord-mri') return join(__dirname, '..', '..');
  return installedAt(__dirname, name) ?? installedAt(tslabFolder(), name);
}

/** The package of a module: `@scope/name` of `@scope/name/part`. */
function packageOf(module: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? '';
}

type Resolve = (request: string, ...rest: unknown[]) => string;

/** What Node.js does not find for a cell is looked for beside the kernel. */
function offerModules(places: ReadonlyMap<string, string>): void {
  const modules = Module as unknown as { _resolveFilename: Resolve };
  const resolve = modules._resolveFilename;
  modules._resolveFilename = function found(this: unknown, request, ...rest) {
    try {
      return resolve.call(this, request, ...rest);
    } catch (error) {
      const name = packageOf(request);
      const place = places.get(name);
      if (place === undefined) throw error;
      return createRequire(join(place, 'package.json')).resolve(`.${request.slice(name.length)}`);
    }
  };
}

/** The compiler sees these packages as if they were in the notebook's folder. */
function offerTypes(folder: string, places: ReadonlyMap<string, string>, files: CompilerFiles): void {
  const root = `${folder.replaceAll('\\', '/')}/node_modules/`;
  const forwarded = (path: string): string => {
    if (!path.startsWith(root)) return path;
    const name = packageOf(path.slice(root.length));
    const place = places.get(name);
    return place === undefined ? path : place.replaceAll('\\', '/') + path.slice(root.length + name.length);
  };
  const { readFile, fileExists, directoryExists, realpath, getDirectories } = files;
  const types = `${root}@types`;
  const withTypes = places.has('@types/node');
  files.readFile = (path, encoding) => readFile(forwarded(path), encoding);
  files.fileExists = (path) => fileExists(forwarded(path));
  files.directoryExists = (path) => (withTypes && path === types) || directoryExists(forwarded(path));
  files.realpath = (path) => realpath(forwarded(path));
  files.getDirectories = (path) =>
    withTypes && path === types ? ['node', ...getDirectories(path)] : getDirectories(path);
}
