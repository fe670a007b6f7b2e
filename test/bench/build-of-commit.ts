import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkout } from '../../scripts/checkout';

/**
 * Builds the command as it was at a commit of this repository, with the packages that are installed here.
 *
 * @param folder - where to put it; it is made
 * @returns the path of its `concord.js`
 * @throws Error when the commit is not in this clone, or nothing comes of the build.
 */
export function buildOfCommit(commit: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const archive = spawnSync('git', ['-C', checkout, 'archive', commit, 'sdk', 'tsconfig.json'], {
    maxBuffer: 1 << 30,
  });
  if (archive.status !== 0) {
    throw new Error(
      `commit ${commit} is not in this clone (git fetch --unshallow gets it): ${archive.stderr.toString()}`,
    );
  }
  execFileSync('tar', ['-x', '-C', folder], { input: archive.stdout, maxBuffer: 1 << 30 });
  for (const place of ['', 'sdk']) {
    const installed = resolve(checkout, place, 'node_modules');
    if (existsSync(installed)) symlinkSync(installed, join(folder, place, 'node_modules'));
  }
  const compiler = resolve(checkout, 'node_modules', 'typescript', 'bin', 'tsc');
  // A package that has grown since may have other types; what counts is whether the program is there.
  const built = spawnSync(process.execPath, [compiler, '-p', join(folder, 'sdk', 'tsconfig.json')], {
    encoding: 'utf8',
  });
  const command = join(folder, 'sdk', 'bin', 'concord.js');
  if (!existsSync(join(folder, 'sdk', 'dist', 'cli', 'main.js'))) {
    throw new Error(`commit ${commit} does not compile:\n${built.stdout}${built.stderr}`);
  }
  return command;
}
