import { sep } from 'node:path';

/** The deepest folder that all of some folders are in, or are; empty for none. */
export function commonFolder(folders: readonly string[]): string {
  if (folders.length === 0) return '';
  const parts = folders.map((folder) => folder.split(sep));
  const count = parts[0].findIndex((part, depth) => parts.some((other) => other[depth] !== part));
  return count === -1 ? folders[0] : parts[0].slice(0, count).join(sep) || sep;
}
