import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkout } from './checkout';

const sdk = resolve(checkout, 'sdk');

/**
 * Compiles `sdk/` into `sdk/dist` when that is missing or older than a source.
 *
 * @param onStep - called with what is about to be done
 * @throws Error with the compiler's messages when the sources do not compile.
 */
export function buildSdkWhenStale(onStep: (step: string) => void = () => undefined): void {
  // Only what changed is written again: the compiler's own record tells when it last compiled.
  const built = ['index.js', '.tsbuildinfo'].map(
    (name) => statSync(join(sdk, 'dist', name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  const sources = [newestSource(sdk), statSync(resolve(checkout, 'tsconfig.json')).mtimeMs];
  if (built[0] > 0 && Math.max(...built) >= Math.max(...sources)) return;
  onStep('building sdk');
  const compiler = resolve(checkout, 'node_modules', 'typescript', 'bin', 'tsc');
  const words = ['-p', join(sdk, 'tsconfig.json'), '--noEmitOnError', '--incremental'];
  const record = ['--tsBuildInfoFile', join(sdk, 'dist', '.tsbuildinfo')];
  const result = spawnSync(process.execPath, [compiler, ...words, ...record], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`sdk does not compile:\n${result.stdout}${result.stderr}`);
  execFileSync(process.execPath, [join(sdk, 'scripts', 'finish-build.mjs')], { stdio: 'pipe' });
}

/** When the newest TypeScript or JSON file under this folder was changed, in milliseconds. */
function newestSource(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'dist' || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) newest = Math.max(newest, newestSource(path));
    else if (/\.(ts|json)$/.test(entry.name)) newest = Math.max(newest, statSync(path).mtimeMs);
  }
  return newest;
}
