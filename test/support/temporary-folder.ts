import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the files of one test suite. */
export interface TemporaryFolder {
  /** The path of a file in it. */
  path(name: string): string;
  /** Writes a file into it and returns its path. */
  write(name: string, contents: string | Uint8Array): string;
}

/** Makes an empty folder before the tests of the enclosing suite and removes it after them. */
export function temporaryFolder(): TemporaryFolder {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'concord-test-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    write(name, contents) {
      writeFileSync(path(name), contents);
      return path(name);
    },
  };
}
