import { existsSync, renameSync, rmSync } from 'node:fs';

/** Puts a folder that is whole in the place of another, which is there until then. */
export function replaceFolder(made: string, place: string): void {
  const old = `${place}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(place)) renameSync(place, old);
  renameSync(made, place);
  rmSync(old, { recursive: true, force: true });
}
