import { execFileSync } from 'node:child_process';

/** Runs npm in a folder and returns what it printed. */
export function npm(folder: string, ...words: string[]): string {
  return execFileSync('npm', words, {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: 'pipe',
  });
}
