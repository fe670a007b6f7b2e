import { homedir } from 'node:os';

/** Where folders are looked for that do not exist, as Docker does for users that it does not know. */
const root = '/';

/** The folder of the user; the root where there is none, as for a user of a container who is only a number. */
export function homeFolder(): string {
  return orRoot(homedir);
}

/** The folder that the process is in; the root where that was removed. */
export function currentFolder(): string {
  return orRoot(() => process.cwd());
}

function orRoot(folder: () => string): string {
  try {
    return folder();
  } catch {
    return root;
  }
}
