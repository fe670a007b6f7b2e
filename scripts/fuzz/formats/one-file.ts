import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FuzzSeed } from '../fuzzed-format';

/** A seed of one file. */
export function oneFile(name: string, contents: string | Uint8Array): FuzzSeed {
  return { files: { [name]: Buffer.from(contents) }, altered: name, opened: name };
}

/** A seed for each of these files of a folder, which is opened as a whole. */
export function filesOf(folder: string, altered: readonly string[], opened = ''): readonly FuzzSeed[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
  return altered.map((name) => ({ files, altered: name, opened }));
}
