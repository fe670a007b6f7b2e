import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { currentFolder } from '../../own-folders';

/** Packages whose version matters to what is computed or shown. */
const names = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-node-gpu',
  'webgpu',
  'tslab',
  'danfojs-node',
  'plotly.js-dist',
  'typescript',
] as const;

/** The versions of packages, from beside this one or from the folder of the running program; `null` where there is none. */
export function installedPackages(): Readonly<Record<string, string | null>> {
  return Object.fromEntries(names.map((name) => [name, versionOf(name)]));
}

function versionOf(name: string): string | null {
  for (const from of [__filename, join(currentFolder(), 'program.js')]) {
    const require = createRequire(from);
    for (const path of candidates(require, name)) {
      try {
        const found = require(path) as { readonly name: string; readonly version: string };
        // An override may put another package in its place.
        return found.name === name ? found.version : `${found.version} of ${found.name} in its place`;
      } catch {
        // Not there.
      }
    }
  }
  return null;
}

/** Where the package.json of a package may be: some packages do not let theirs be resolved. */
function candidates(require: NodeJS.Require, name: string): readonly string[] {
  const folders = require.resolve.paths(name) ?? [];
  return [
    `${name}/package.json`,
    ...folders.map((folder) => join(dirname(folder), 'node_modules', name, 'package.json')),
  ];
}
